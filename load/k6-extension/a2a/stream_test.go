package a2a

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestEventsAreStampedAsTheyArrive(t *testing.T) {
	var mutex sync.Mutex
	var sentAt []time.Time
	up, _ := setUp(t, func(response http.ResponseWriter, request *http.Request) {
		startStream(response)
		for _, data := range []string{snapshot("t1"), status("TASK_STATE_WORKING"), status("TASK_STATE_COMPLETED")} {
			mutex.Lock()
			sentAt = append(sentAt, time.Now())
			mutex.Unlock()
			emit(response, data)
			time.Sleep(30 * time.Millisecond)
		}
	}, `{}`)
	result, line := up.send(`{ tags: { scenario: "s" } }`)
	if result.Outcome != outcomeCompleted || result.TaskID != "t1" || result.State != "TASK_STATE_COMPLETED" || result.Events != 3 {
		t.Fatalf("%+v", result)
	}
	mutex.Lock()
	defer mutex.Unlock()
	for index, at := range result.Arrivals {
		// An event cannot arrive before it is sent, nor after the next one is.
		if at < float64(sentAt[index].UnixMicro())/1000-1 || index < 2 && at > float64(sentAt[index+1].UnixMicro())/1000+1 {
			t.Errorf("event %d arrived at %f, sent at %d", index, at, sentAt[index].UnixMicro())
		}
	}
	if line.TaskID != "t1" || line.ContextID != "c1" || line.Index != 7 || line.Outcome != outcomeCompleted || line.Held {
		t.Errorf("journal: %+v", line)
	}
	if line.Invoked > line.Head || line.Head > line.Returned || len(line.Raw.Data) != 3 || !strings.Contains(line.Raw.Request, "SendStreamingMessage") {
		t.Errorf("journal: %+v %+v", line, line.Raw)
	}
	all := up.all()
	for name, count := range map[string]int{
		"http_reqs": 1, "http_req_failed": 1, "http_req_duration": 1, "http_req_waiting": 1, "a2a_submit_latency": 1,
		"a2a_first_signal_latency": 1, "a2a_signal_latency": 2, "a2a_completion_latency": 1, "a2a_events": 1, "a2a_task_failed": 1,
	} {
		if len(all[name]) != count {
			t.Errorf("%d samples of %s, want %d", len(all[name]), name, count)
		}
	}
	tags := all["http_reqs"][0].Tags.Map()
	if tags["status"] != "200" || tags["method"] != "POST" || tags["scenario"] != "s" || tags["expected_response"] != "true" || tags["proto"] != "HTTP/1.1" {
		t.Errorf("tags %v", tags)
	}
	if all["http_req_failed"][0].Value != 0 || all["a2a_events"][0].Value != 3 {
		t.Errorf("%v %v", all["http_req_failed"], all["a2a_events"])
	}
	if duration := all["http_req_duration"][0].Value; duration < 60 {
		t.Errorf("http_req_duration %f ms: the stream is not in it", duration)
	}
}

func TestChunkBordersAnywhere(t *testing.T) {
	wire := ": hello\r\n\r\ndata: " + snapshot("t1") + "\r\n\r\ndata:" + status("TASK_STATE_COMPLETED") + "\r\n\r\n"
	for _, size := range []int{1, 2, 3, 7, 64} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			up, _ := setUp(t, func(response http.ResponseWriter, _ *http.Request) {
				startStream(response)
				for rest := wire; rest != ""; {
					n := min(size, len(rest))
					_, _ = io.WriteString(response, rest[:n])
					response.(http.Flusher).Flush()
					rest = rest[n:]
				}
			}, `{}`)
			if result, _ := up.send(`{}`); result.Outcome != outcomeCompleted || result.Events != 2 {
				t.Fatalf("%+v", result)
			}
		})
	}
}

func TestTimeLimitEndsTheStream(t *testing.T) {
	gone := make(chan struct{})
	up, _ := setUp(t, func(response http.ResponseWriter, request *http.Request) {
		startStream(response)
		emit(response, snapshot("t1"))
		<-request.Context().Done()
		close(gone)
	}, `{ timeoutMs: 150 }`)
	result, line := up.send(`{}`)
	if result.Outcome != outcomeTimeout || result.TaskID != "t1" || line.TaskID != "t1" {
		t.Fatalf("%+v", result)
	}
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Fatal("the server still serves: the connection was not given up")
	}
	if failed := up.values("http_req_failed"); len(failed) != 1 || failed[0].Value != 1 {
		t.Errorf("http_req_failed %v", failed)
	}
}

// endsRun cancels the run as soon as the client asks for more than the first event: then it has taken that one.
type endsRun struct {
	http.RoundTripper
	cancel context.CancelFunc
}

func (e endsRun) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := e.RoundTripper.RoundTrip(request)
	if err == nil {
		response.Body = &secondRead{ReadCloser: response.Body, cancel: e.cancel}
	}
	return response, err
}

type secondRead struct {
	io.ReadCloser
	cancel context.CancelFunc
	seen   bool
}

func (r *secondRead) Read(buffer []byte) (int, error) {
	if r.seen {
		r.cancel()
	}
	n, err := r.ReadCloser.Read(buffer)
	r.seen = r.seen || n > 0
	return n, err
}

func TestEndOfTheRunCancels(t *testing.T) {
	up, _ := setUp(t, func(response http.ResponseWriter, request *http.Request) {
		startStream(response)
		emit(response, snapshot("t1"))
		<-request.Context().Done()
	}, `{}`)
	state := up.VU.StateField
	state.Transport = endsRun{state.Transport, up.cancel}
	// The task that was acknowledged is in the journal although the run is over.
	if result, line := up.send(`{}`); result.Outcome != outcomeCanceled || line.TaskID != "t1" || line.Outcome != outcomeCanceled {
		t.Fatalf("%+v %+v", result, line)
	}
}

func TestWhatIsNoStream(t *testing.T) {
	cases := map[string]struct {
		handler http.HandlerFunc
		outcome string
		code    string
	}{
		"JSON-RPC error": {func(response http.ResponseWriter, _ *http.Request) {
			response.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(response, `{"jsonrpc":"2.0","id":"m","error":{"code":-32004,"message":"no streams here"}}`)
		}, outcomeRPCError, "-32004"},
		"error as the first event": {func(response http.ResponseWriter, _ *http.Request) {
			startStream(response)
			emit(response, `{"jsonrpc":"2.0","id":"m","error":{"code":-32603,"message":"broken"}}`)
		}, outcomeRPCError, "-32603"},
		"429": {func(response http.ResponseWriter, _ *http.Request) {
			response.Header().Set("Retry-After", "5")
			response.WriteHeader(http.StatusTooManyRequests)
		}, outcomeHTTP, "429"},
		"error in an HTTP error": {func(response http.ResponseWriter, _ *http.Request) {
			response.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(response, `{"error":{"code":-32600,"message":"bad"}}`)
		}, outcomeRPCError, "-32600"},
		"a page": {func(response http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(response, "<html>")
		}, outcomeMalformed, "no-stream"},
		"no JSON in an event": {func(response http.ResponseWriter, _ *http.Request) {
			startStream(response)
			emit(response, "hello")
		}, outcomeMalformed, "not-json"},
		"an end before the end": {func(response http.ResponseWriter, _ *http.Request) {
			startStream(response)
			emit(response, snapshot("t1"))
		}, outcomeCut, "eof"},
		"a cut": {func(response http.ResponseWriter, _ *http.Request) {
			startStream(response)
			emit(response, snapshot("t1"))
			panic(http.ErrAbortHandler)
		}, outcomeCut, "reset"},
		"a failed task": {func(response http.ResponseWriter, _ *http.Request) {
			startStream(response)
			emit(response, status("TASK_STATE_FAILED"))
		}, outcomeFailed, "TASK_STATE_FAILED"},
		"a message": {func(response http.ResponseWriter, _ *http.Request) {
			startStream(response)
			emit(response, `{"result":{"message":{"messageId":"x","role":"ROLE_AGENT","parts":[]}}}`)
		}, outcomeMessage, ""},
	}
	for name, each := range cases {
		t.Run(name, func(t *testing.T) {
			up, _ := setUp(t, each.handler, `{}`)
			if result, line := up.send(`{}`); result.Outcome != each.outcome || result.Code != each.code || line.Outcome != each.outcome {
				t.Fatalf("%+v", result)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	up, server := setUp(t, func(http.ResponseWriter, *http.Request) {}, `{}`)
	server.Close()
	result, _ := up.send(`{}`)
	if result.Outcome != outcomeTransport || result.Code != "refused" {
		t.Fatalf("%+v", result)
	}
	if failed := up.values("http_req_failed"); len(failed) != 1 || failed[0].Value != 1 || failed[0].Tags.Map()["error"] != "refused" {
		t.Errorf("http_req_failed %v", failed)
	}
}

func TestAStreamThatStaysOpen(t *testing.T) {
	up, _ := setUp(t, func(response http.ResponseWriter, request *http.Request) {
		startStream(response)
		emit(response, snapshot("t1"))
		emit(response, status("TASK_STATE_COMPLETED"))
		<-request.Context().Done()
	}, `{}`)
	result, line := up.send(`{}`)
	if result.Outcome != outcomeCompleted || !line.Held {
		t.Fatalf("%+v %+v", result, line)
	}
	if last := line.Events[len(line.Events)-1]; line.Invoked+last.after > line.Returned-150_000 {
		t.Errorf("the end of the task counts from its event, not from the end of the stream: %+v", line)
	}
	if failed := up.values("http_req_failed"); len(failed) != 1 || failed[0].Value != 0 {
		t.Errorf("http_req_failed %v", failed)
	}
}

func TestInputRequiredIsNotWaitedFor(t *testing.T) {
	up, _ := setUp(t, func(response http.ResponseWriter, request *http.Request) {
		startStream(response)
		emit(response, snapshot("t1"))
		emit(response, status("TASK_STATE_INPUT_REQUIRED"))
		<-request.Context().Done()
	}, `{}`)
	if result, line := up.send(`{}`); result.Outcome != outcomeWaiting || line.Held {
		t.Fatalf("%+v %+v", result, line)
	}
}

func TestWhatComesAfterTheEndIsListed(t *testing.T) {
	up, _ := setUp(t, func(response http.ResponseWriter, _ *http.Request) {
		startStream(response)
		emit(response, snapshot("t1"))
		emit(response, status("TASK_STATE_COMPLETED"))
		emit(response, status("TASK_STATE_FAILED"))
		emit(response, snapshot("t2"))
	}, `{}`)
	result, line := up.send(`{}`)
	if result.Outcome != outcomeCompleted || len(line.Events) != 4 || len(line.TaskIDs) != 2 || line.State != "TASK_STATE_COMPLETED" {
		t.Fatalf("%+v %+v", result, line)
	}
}

func TestAKeepAliveOfItsOwnNameIsNoDefect(t *testing.T) {
	up, _ := setUp(t, func(response http.ResponseWriter, _ *http.Request) {
		startStream(response)
		_, _ = io.WriteString(response, "event: ping\ndata: {}\n\n: comment\n\ndata:\n\n")
		emit(response, status("TASK_STATE_COMPLETED"))
	}, `{}`)
	if result, line := up.send(`{}`); result.Outcome != outcomeCompleted || line.Raw.Names[0] != "ping" || len(line.Raw.Names) != 1 {
		t.Fatalf("%+v", result)
	}
}

func TestHugeEventInAStream(t *testing.T) {
	huge := `{"result":{"artifactUpdate":{"taskId":"t1","artifact":{"artifactId":"a","parts":[{"text":"` + strings.Repeat("x", 3<<20) + `"}]}}}}`
	handler := func(response http.ResponseWriter, _ *http.Request) {
		startStream(response)
		emit(response, huge)
		emit(response, status("TASK_STATE_COMPLETED"))
	}
	up, _ := setUp(t, handler, `{}`)
	if result, line := up.send(`{}`); result.Outcome != outcomeCompleted || !line.Raw.Cut || len(line.Raw.Data) > 1 {
		t.Fatalf("%+v", result)
	}
	small, _ := setUp(t, handler, `{ maxEventBytes: 65536 }`)
	if result, _ := small.send(`{}`); result.Outcome != outcomeMalformed || result.Code != "event-too-large" {
		t.Fatalf("%+v", result)
	}
}
