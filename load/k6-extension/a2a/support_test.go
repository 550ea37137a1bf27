package a2a

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/js/modulestest"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"
)

const statusEvent = `{"jsonrpc":"2.0","id":"m","result":{"statusUpdate":{"taskId":"t1","contextId":"c1","status":{"state":"%s","timestamp":"%s"}}}}`

func status(state string) string {
	return fmt.Sprintf(statusEvent, state, time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"))
}

func snapshot(id string) string {
	return fmt.Sprintf(`{"result":{"task":{"id":%q,"contextId":"c1","status":{"state":"TASK_STATE_SUBMITTED"}}}}`, id)
}

// emit writes one event and sends it off.
func emit(response http.ResponseWriter, data string) {
	_, _ = io.WriteString(response, "data: "+data+"\n\n")
	response.(http.Flusher).Flush()
}

func startStream(response http.ResponseWriter) {
	response.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	response.WriteHeader(http.StatusOK)
	response.(http.Flusher).Flush()
}

// bench is one virtual user in front of one server.
type bench struct {
	*modulestest.Runtime
	t       *testing.T
	samples chan metrics.SampleContainer
	journal string
	cancel  context.CancelFunc
}

func setUp(t *testing.T, handler http.HandlerFunc, extra string) (*bench, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return setUpFor(t, server, extra), server
}

func setUpFor(t *testing.T, server *httptest.Server, extra string) *bench {
	t.Helper()
	runtime := modulestest.NewRuntime(t)
	root := &rootModule{clock: newClock()}
	if err := runtime.SetupModuleSystem(map[string]any{"k6/x/a2a": root}, nil, nil); err != nil {
		t.Fatal(err)
	}
	up := &bench{Runtime: runtime, t: t, samples: make(chan metrics.SampleContainer, 1000), journal: filepath.Join(t.TempDir(), "journal.ndjson")}
	up.run(fmt.Sprintf(`
		const { Client } = require("k6/x/a2a");
		globalThis.client = new Client(Object.assign({ url: %q, journal: %q, rawEvery: 1, graceMs: 200 }, %s));
	`, server.URL+"/rpc", up.journal, extra))

	registry := runtime.VU.InitEnvField.Registry
	ctx, cancel := context.WithCancel(runtime.VU.CtxField)
	t.Cleanup(cancel)
	up.cancel = cancel
	logger := logrus.New()
	logger.SetOutput(io.Discard)
	runtime.MoveToVUContext(&lib.State{
		Options:        lib.Options{SystemTags: &metrics.DefaultSystemTagSet},
		BuiltinMetrics: runtime.BuiltinMetrics,
		Logger:         logger,
		Transport:      server.Client().Transport,
		Samples:        up.samples,
		Tags:           lib.NewVUStateTags(registry.RootTagSet()),
		Iteration:      7,
	})
	runtime.VU.CtxField = ctx
	return up
}

func (b *bench) run(script string) string {
	b.t.Helper()
	value, err := b.VU.Runtime().RunString(script)
	if err != nil {
		b.t.Fatal(err)
	}
	return value.String()
}

// send gives the result as JSON, and the line of the journal.
func (b *bench) send(extra string) (Result, taskLine) {
	b.t.Helper()
	text := b.run(`JSON.stringify(client.sendStreamingMessage({ message: { messageId: "m" } }, Object.assign({ messageId: "m" }, ` + extra + `)))`)
	var seen struct {
		Outcome, Code, Error, TaskID, State string
		Status, Events                      int
		Arrivals                            []float64
	}
	if err := json.Unmarshal([]byte(text), &seen); err != nil {
		b.t.Fatal(err)
	}
	content, err := os.ReadFile(b.journal)
	if err != nil {
		b.t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	var line struct {
		taskLine
		Ev [][]any `json:"ev"`
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &line); err != nil {
		b.t.Fatalf("%v in %s", err, content)
	}
	for _, cell := range line.Ev {
		after, _ := cell[1].(float64)
		kind, _ := cell[0].(string)
		line.taskLine.Events = append(line.taskLine.Events, eventCell{kind: kind, after: int64(after)})
	}
	return Result{Outcome: seen.Outcome, Code: seen.Code, Error: seen.Error, Status: seen.Status, TaskID: seen.TaskID, State: seen.State, Events: seen.Events, Arrivals: seen.Arrivals}, line.taskLine
}

// values gives all samples of a metric that were pushed so far.
func (b *bench) values(name string) []metrics.Sample {
	var found []metrics.Sample
	for {
		select {
		case container := <-b.samples:
			for _, sample := range container.GetSamples() {
				if sample.Metric.Name == name {
					found = append(found, sample)
				}
			}
		default:
			return found
		}
	}
}

func (b *bench) all() map[string][]metrics.Sample {
	found := map[string][]metrics.Sample{}
	for {
		select {
		case container := <-b.samples:
			for _, sample := range container.GetSamples() {
				found[sample.Metric.Name] = append(found[sample.Metric.Name], sample)
			}
		default:
			return found
		}
	}
}
