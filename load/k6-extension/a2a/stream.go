package a2a

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"
)

// Outcomes of a send. completed, message and waiting are successes: the task reached its end, was answered by a message
// without a task, or waits for more input, which a load run never gives.
const (
	outcomeCompleted = "completed"
	outcomeMessage   = "message"
	outcomeWaiting   = "waiting"
	outcomeFailed    = "failed"
	outcomeRPCError  = "rpc-error"
	outcomeHTTP      = "http"
	outcomeTransport = "transport"
	outcomeCut       = "cut"
	outcomeTimeout   = "timeout"
	outcomeMalformed = "malformed"
	outcomeCanceled  = "canceled"
)

const (
	maxListedEvents = 1_000
	maxRawBytes     = 64 * 1024
	maxErrorText    = 200
)

// Result is what a script gets to see of a send; the journal has more.
type Result struct {
	Outcome string `js:"outcome"`
	Code    string `js:"code"`
	Error   string `js:"error"`
	Status  int    `js:"status"`
	TaskID  string `js:"taskId"`
	State   string `js:"state"`
	Events  int    `js:"events"`
	// Arrivals in milliseconds since the Unix epoch, with microseconds.
	Arrivals []float64 `js:"arrivals"`
}

// watch follows one stream.
type watch struct {
	client  *Client
	line    *taskLine
	invoked time.Time
	count   int
	raw     int
	// Arrivals that the trends are made of; zero for none.
	acknowledged, firstSignal, ended time.Time
	signals                          []float64
	// silence ends a stream that stays open after the terminal state.
	silence *time.Timer
	cancel  context.CancelCauseFunc
}

// SendStreamingMessage is `client.sendStreamingMessage(params, { messageId, tags })`. It returns when the task has ended and
// its stream is closed, or when it is clear that this will not happen; it never throws for what the agent does.
func (c *Client) SendStreamingMessage(params sobek.Value, given sobek.Value) *Result {
	extras := c.extrasOf(given)
	ready := c.prepare("SendStreamingMessage", params, extras, given)
	state := c.instance.vu.State()
	clock := c.instance.root.clock

	invoked := time.Now()
	index, scheduled := c.place(state, invoked)
	line := &taskLine{
		Kind: "task", Index: index, Scheduled: clock.micros(scheduled), Invoked: clock.micros(invoked),
		MessageID: extras.MessageID,
	}
	if c.options.RawEvery > 0 && index%c.options.RawEvery == 0 {
		line.Raw = &rawCell{URL: c.options.URL, Request: string(ready.body), Data: []string{}}
	}
	ctx, cancel := c.taskContext()
	defer cancel(errClosed)
	follow := &watch{client: c, line: line, invoked: invoked, cancel: cancel}
	c.send(ctx, follow, ready)
	line.Returned = clock.micros(time.Now())

	c.pushTrends(ctx, state, follow, scheduled, ready.tags)
	if c.journal != nil {
		if err := c.journal.write(line); err != nil {
			state.Logger.WithError(err).Error("a send could not be written to the journal")
		}
	}
	return follow.result()
}

// place says which iteration of the scenario this is, and when it was due. The first one also heads the journal.
func (c *Client) place(state *lib.State, invoked time.Time) (int64, time.Time) {
	index := state.Iteration
	if state.GetScenarioGlobalVUIter != nil {
		index = int64(state.GetScenarioGlobalVUIter()) //nolint:gosec // A counter that starts at 0.
	}
	scenario := lib.GetScenarioState(c.instance.vu.Context())
	if scenario == nil || c.options.PeriodMicros == 0 {
		return index, invoked
	}
	clock := c.instance.root.clock
	if c.journal != nil {
		head := runLine{Kind: "run", Clock: clock.id, Start: clock.micros(scenario.StartTime), Period: int64(c.options.PeriodMicros)}
		if err := c.journal.head(head); err != nil {
			state.Logger.WithError(err).Error("the journal cannot be written")
		}
	}
	due := scenario.StartTime.Add(time.Duration(float64(index) * c.options.PeriodMicros * float64(time.Microsecond)))
	if due.After(invoked) {
		due = invoked
	}
	return index, due
}

func (c *Client) send(ctx context.Context, follow *watch, ready prepared) {
	line := follow.line
	sent, err := c.open(ctx, ready.body, "text/event-stream", ready.tags)
	if err != nil {
		follow.fail(ctx, outcomeTransport, err)
		return
	}
	response := sent.response
	line.Head = c.instance.root.clock.micros(time.Now())
	line.Status = response.StatusCode
	if line.Raw != nil {
		line.Raw.URL = sent.request.URL.String()
		for name, values := range response.Header {
			for _, value := range values {
				line.Raw.Headers = append(line.Raw.Headers, []string{name, value})
			}
		}
	}
	if !isEventStream(response) {
		body, readErr := readWhole(response.Body, c.options.MaxEventBytes)
		sent.finish(ctx, readErr)
		follow.plainAnswer(ctx, response, body, readErr)
		return
	}
	readErr := readEvents(response.Body, c.options.MaxEventBytes, follow.event)
	if follow.silence != nil && !follow.silence.Stop() {
		line.Held = true
	}
	if line.Outcome != "" {
		// The end was seen; what came after it does not change it.
		readErr = nil
	}
	sent.finish(ctx, readErr)
	if line.Outcome == "" {
		follow.endWithoutTerminal(ctx, readErr)
	}
}

// event takes one event of the stream; errStop where nothing more is wanted.
func (w *watch) event(event sseEvent) error {
	line := w.line
	w.keep(event)
	read := decode(event.data, w.client.options.StampKey)
	w.list(read, event.at)
	// An event of a name of its own (a keep-alive) need not be a message of A2A.
	named := event.name != "" && event.name != "message"
	if line.Outcome != "" || named && read.kind == kindOther {
		return nil
	}
	if read.taskID != "" && w.acknowledged.IsZero() {
		w.acknowledged = event.at
	}
	if read.kind == kindStatus || read.kind == kindArtifact || read.kind == kindMessage {
		if w.firstSignal.IsZero() {
			w.firstSignal = event.at
		}
		if !read.stamp.IsZero() {
			w.signals = append(w.signals, metrics.D(event.at.Sub(read.stamp)))
		}
	}
	if read.state != "" {
		line.State = read.state
	}
	switch {
	case read.kind == kindError:
		w.end(event.at, outcomeRPCError, read.code, read.text)
	case read.kind == kindOther:
		w.end(event.at, outcomeMalformed, read.code, read.text)
	case read.kind == kindMessage:
		w.end(event.at, outcomeMessage, "", "")
	case isInterrupted(read.state):
		// Such a stream may stay open for as long as nobody answers (§3.1.2, §11.7).
		w.end(event.at, outcomeWaiting, read.state, "")
		return errStop
	case read.state == "TASK_STATE_COMPLETED":
		w.end(event.at, outcomeCompleted, "", "")
	case isTerminal(read.state):
		w.end(event.at, outcomeFailed, read.state, "")
	}
	return nil
}

func (w *watch) end(at time.Time, outcome, code, text string) {
	w.ended = at
	w.line.Outcome, w.line.Code, w.line.Error = outcome, code, shorten(text)
	w.silence = time.AfterFunc(w.client.options.grace(), func() { w.cancel(errClosed) })
}

func (w *watch) list(read payload, at time.Time) {
	line := w.line
	w.count++
	if read.taskID != "" && read.taskID != line.TaskID {
		if line.TaskID == "" {
			line.TaskID = read.taskID
		} else {
			if line.TaskIDs == nil {
				line.TaskIDs = []string{line.TaskID}
			}
			line.TaskIDs = append(line.TaskIDs, read.taskID)
		}
	}
	if line.ContextID == "" {
		line.ContextID = read.contextID
	}
	if len(line.Events) >= maxListedEvents {
		line.More++
		return
	}
	cell := eventCell{kind: read.kind, after: at.Sub(w.invoked).Microseconds(), state: read.state}
	if !read.stamp.IsZero() {
		cell.stamp, cell.digits = read.stamp.UnixMicro(), read.digits
	}
	line.Events = append(line.Events, cell)
}

// keep copies an event of a sampled stream, within bounds.
func (w *watch) keep(event sseEvent) {
	raw := w.line.Raw
	if raw == nil {
		return
	}
	if w.raw += len(event.data); w.raw > maxRawBytes || len(raw.Data) >= maxListedEvents {
		raw.Cut = true
		return
	}
	if event.name != "" {
		if raw.Names == nil {
			raw.Names = map[int]string{}
		}
		raw.Names[len(raw.Data)] = event.name
	}
	raw.Data = append(raw.Data, string(event.data))
}

// plainAnswer: the agent answered, but not with a stream.
func (w *watch) plainAnswer(ctx context.Context, response *http.Response, body []byte, readErr error) {
	line := w.line
	if line.Raw != nil && len(body) <= maxRawBytes {
		line.Raw.Data = append(line.Raw.Data, string(body))
	}
	if readErr != nil {
		w.fail(ctx, outcomeCut, readErr)
		return
	}
	read := decode(body, "")
	switch {
	case read.kind == kindError:
		line.Outcome, line.Code, line.Error = outcomeRPCError, read.code, shorten(read.text)
	case response.StatusCode >= http.StatusMultipleChoices:
		line.Outcome, line.Code, line.Error = outcomeHTTP, strconv.Itoa(response.StatusCode), shorten(http.StatusText(response.StatusCode))
		if after := response.Header.Get("Retry-After"); after != "" {
			line.Error = shorten(line.Error + ", Retry-After: " + after)
		}
	default:
		line.Outcome, line.Code = outcomeMalformed, "no-stream"
		line.Error = shorten("answered with " + response.Header.Get("Content-Type") + " instead of text/event-stream")
		line.TaskID, line.ContextID, line.State = read.taskID, read.contextID, read.state
	}
}

func (w *watch) endWithoutTerminal(ctx context.Context, readErr error) {
	var tooLarge errEventTooLarge
	switch {
	case errors.As(readErr, &tooLarge):
		w.line.Outcome, w.line.Code, w.line.Error = outcomeMalformed, "event-too-large", tooLarge.Error()
	case readErr != nil:
		w.fail(ctx, outcomeCut, readErr)
	default:
		w.line.Outcome, w.line.Code = outcomeCut, "eof"
		w.line.Error = "the stream ended before the task did"
	}
}

// fail names the reason; the time limit and the end of the run win over what they brought about.
func (w *watch) fail(ctx context.Context, outcome string, failure error) {
	code := failureCode(ctx, failure)
	switch code {
	case "timeout":
		outcome = outcomeTimeout
	case "canceled":
		outcome = outcomeCanceled
	}
	text := failure.Error()
	if cause := context.Cause(ctx); cause != nil {
		text = cause.Error()
	}
	w.line.Outcome, w.line.Code, w.line.Error = outcome, code, shorten(text)
}

func shorten(text string) string {
	if len(text) <= maxErrorText {
		return text
	}
	return text[:maxErrorText]
}

func (c *Client) pushTrends(ctx context.Context, state *lib.State, w *watch, scheduled time.Time, tags metrics.TagsAndMeta) {
	if w.line.Outcome == outcomeCanceled {
		return
	}
	own := c.instance.own
	now := time.Now()
	samples := metrics.Samples{
		sampleOf(own.events, now, &tags, float64(w.count)),
		sampleOf(own.failed, now, &tags, boolean(!isSuccess(w.line.Outcome))),
	}
	since := func(metric *metrics.Metric, arrived time.Time) {
		if !arrived.IsZero() {
			samples = append(samples, sampleOf(metric, arrived, &tags, metrics.D(arrived.Sub(scheduled))))
		}
	}
	since(own.submit, w.acknowledged)
	since(own.firstSignal, w.firstSignal)
	if isSuccess(w.line.Outcome) {
		since(own.completion, w.ended)
	}
	for _, value := range w.signals {
		samples = append(samples, sampleOf(own.signal, now, &tags, value))
	}
	push(ctx, state, samples)
}

func isSuccess(outcome string) bool {
	return outcome == outcomeCompleted || outcome == outcomeMessage || outcome == outcomeWaiting
}

func (w *watch) result() *Result {
	line := w.line
	arrivals := make([]float64, len(line.Events))
	for index, event := range line.Events {
		arrivals[index] = float64(line.Invoked+event.after) / 1_000
	}
	return &Result{
		Outcome: line.Outcome, Code: line.Code, Error: line.Error, Status: line.Status,
		TaskID: line.TaskID, State: line.State, Events: w.count, Arrivals: arrivals,
	}
}
