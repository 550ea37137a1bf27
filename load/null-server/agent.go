package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// agent answers every message with a task that is done at once, and remembers nothing but how many there were.
type agent struct {
	url    string
	events int
	pause  time.Duration
	tasks  atomic.Int64
}

func newAgent(url string, events int, pause time.Duration) http.Handler {
	served := &agent{url: url, events: events, pause: pause}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/agent-card.json", served.card)
	mux.HandleFunc("POST /rpc", served.rpc)
	return mux
}

func (a *agent) card(response http.ResponseWriter, _ *http.Request) {
	response.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(response, `{"name":"Null server","description":"Answers at once and does nothing.","version":"1.0.0",`+
		`"supportedInterfaces":[{"url":%q,"protocolBinding":"JSONRPC","protocolVersion":"1.0"}],"capabilities":{"streaming":true},`+
		`"defaultInputModes":["text/plain"],"defaultOutputModes":["text/plain"],`+
		`"skills":[{"id":"nothing","name":"Nothing","description":"Does nothing.","tags":["test"]}]}`, a.url+"/rpc")
}

type call struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params struct {
		ID string `json:"id"`
	} `json:"params"`
}

// stampLayout: microseconds, always six digits.
const stampLayout = "2006-01-02T15:04:05.000000Z"

func stamp() string { return time.Now().UTC().Format(stampLayout) }

func (a *agent) rpc(response http.ResponseWriter, request *http.Request) {
	var got call
	if err := json.NewDecoder(request.Body).Decode(&got); err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	switch got.Method {
	case "SendStreamingMessage":
		a.stream(response, request, got.ID, a.newTask())
	case "SendMessage":
		a.answer(response, got.ID, fmt.Sprintf(`{"task":%s}`, task(a.newTask(), "TASK_STATE_COMPLETED")))
	case "GetTask":
		if !a.knows(got.Params.ID) {
			a.refuse(response, got.ID, -32001, "Task not found")
			return
		}
		a.answer(response, got.ID, task(got.Params.ID, "TASK_STATE_COMPLETED"))
	default:
		a.refuse(response, got.ID, -32601, "Method not found")
	}
}

func (a *agent) newTask() string { return "null-" + strconv.FormatInt(a.tasks.Add(1), 10) }

func (a *agent) knows(id string) bool {
	number, err := strconv.ParseInt(strings.TrimPrefix(id, "null-"), 10, 64)
	return err == nil && strings.HasPrefix(id, "null-") && number > 0 && number <= a.tasks.Load()
}

func task(id, state string) string {
	return fmt.Sprintf(`{"id":%q,"contextId":"context-%s","status":{"state":%q,"timestamp":%q}}`, id, id, state, stamp())
}

func (a *agent) answer(response http.ResponseWriter, id json.RawMessage, result string) {
	response.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(response, `{"jsonrpc":"2.0","id":%s,"result":%s}`, id, result)
}

func (a *agent) refuse(response http.ResponseWriter, id json.RawMessage, code int, message string) {
	response.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(response, `{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":%q}}`, id, code, message)
}

// stream sends the Task, WORKING, artifact events and COMPLETED, each flushed by itself and stamped right before.
func (a *agent) stream(response http.ResponseWriter, request *http.Request, id json.RawMessage, taskID string) {
	response.Header().Set("Content-Type", "text/event-stream")
	response.WriteHeader(http.StatusOK)
	controller := http.NewResponseController(response)
	send := func(result string) {
		_, _ = fmt.Fprintf(response, "data: {\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}\n\n", id, result)
		// A client that is gone is noticed by the context of the request.
		_ = controller.Flush()
	}
	status := func(state string) string {
		return fmt.Sprintf(`{"statusUpdate":{"taskId":%q,"contextId":"context-%s","status":{"state":%q,"timestamp":%q}}}`,
			taskID, taskID, state, stamp())
	}
	steps := []func() string{
		func() string { return fmt.Sprintf(`{"task":%s}`, task(taskID, "TASK_STATE_SUBMITTED")) },
		func() string { return status("TASK_STATE_WORKING") },
	}
	for index := range a.events {
		steps = append(steps, func() string {
			return fmt.Sprintf(`{"artifactUpdate":{"taskId":%q,"contextId":"context-%s","artifact":{"artifactId":"a",`+
				`"parts":[{"text":"chunk"}]},"append":%t,"lastChunk":%t,"metadata":{"emittedAt":%q}}}`,
				taskID, taskID, index > 0, index == a.events-1, stamp())
		})
	}
	steps = append(steps, func() string { return status("TASK_STATE_COMPLETED") })
	for _, step := range steps {
		if a.pause > 0 {
			select {
			case <-time.After(a.pause):
			case <-request.Context().Done():
				return
			}
		}
		send(step())
	}
}
