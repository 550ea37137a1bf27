package a2a

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/metrics"
)

// Client speaks to one JSON-RPC interface on behalf of one virtual user, over that user's connections.
type Client struct {
	instance *moduleInstance
	options  options
	target   *url.URL
	journal  *journal
}

func newClient(instance *moduleInstance, given options) (*Client, error) {
	target, err := given.validate()
	if err != nil {
		return nil, err
	}
	client := &Client{instance: instance, options: given, target: target}
	if given.Journal != "" {
		if client.journal, err = instance.root.journals.get(given.Journal); err != nil {
			return nil, err
		}
	}
	return client, nil
}

// callExtras: what a call may be given beside its parameters.
type callExtras struct {
	// MessageID is written to the journal and used as the JSON-RPC id.
	MessageID string `js:"messageId"`
}

type request struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      string          `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

// Reply is the answer to a plain call.
type Reply struct {
	Status int    `js:"status"`
	Body   string `js:"body"`
	// Error is empty for a whole answer.
	Error string `js:"error"`
}

// prepared is what every call starts from.
type prepared struct {
	body []byte
	tags metrics.TagsAndMeta
}

// prepare throws a JavaScript error for arguments that cannot be sent, and outside of an iteration.
func (c *Client) prepare(method string, params sobek.Value, extras callExtras, given sobek.Value) prepared {
	runtime := c.instance.vu.Runtime()
	state := c.instance.vu.State()
	if state == nil {
		common.Throw(runtime, common.NewInitContextError("requests cannot be sent in the init context"))
	}
	encoded, err := encodeParams(runtime, params)
	if err != nil {
		common.Throw(runtime, err)
	}
	body, err := json.Marshal(request{JSONRPC: "2.0", ID: extras.MessageID, Method: method, Params: encoded})
	if err != nil {
		common.Throw(runtime, err)
	}
	tags := state.Tags.GetCurrentValues()
	if given != nil && !sobek.IsUndefined(given) && !sobek.IsNull(given) {
		if err := common.ApplyCustomUserTags(runtime, &tags, given.ToObject(runtime).Get("tags")); err != nil {
			common.Throw(runtime, err)
		}
	}
	return prepared{body: body, tags: tags}
}

// encodeParams takes JSON text as it is, and any other value as JSON.stringify would write it.
func encodeParams(runtime *sobek.Runtime, params sobek.Value) (json.RawMessage, error) {
	if text, ok := params.Export().(string); ok {
		if !json.Valid([]byte(text)) {
			return nil, fmt.Errorf("params: the text is no JSON")
		}
		return json.RawMessage(text), nil
	}
	return params.ToObject(runtime).MarshalJSON()
}

func (c *Client) extrasOf(given sobek.Value) callExtras {
	var extras callExtras
	if given == nil || sobek.IsUndefined(given) || sobek.IsNull(given) {
		return extras
	}
	if err := c.instance.vu.Runtime().ExportTo(given, &extras); err != nil {
		common.Throw(c.instance.vu.Runtime(), err)
	}
	return extras
}

// taskContext ends with the run, with the time limit, or when the returned function is called; its cause says which.
func (c *Client) taskContext() (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(c.instance.vu.Context())
	timer := time.AfterFunc(c.options.timeout(), func() { cancel(errTimeout) })
	context.AfterFunc(ctx, func() { timer.Stop() })
	return ctx, cancel
}

// Call is `client.call(method, params, { messageId, tags })`: one plain operation, read whole up to maxEventBytes.
func (c *Client) Call(method string, params sobek.Value, given sobek.Value) *Reply {
	extras := c.extrasOf(given)
	ready := c.prepare(method, params, extras, given)
	ctx, cancel := c.taskContext()
	defer cancel(errClosed)

	sent, err := c.open(ctx, ready.body, "application/json", ready.tags)
	if err != nil {
		return &Reply{Error: failureCode(ctx, err) + ": " + err.Error()}
	}
	body, err := readWhole(sent.response.Body, c.options.MaxEventBytes)
	sent.finish(ctx, err)
	reply := &Reply{Status: sent.response.StatusCode, Body: string(body)}
	if err != nil {
		reply.Error = failureCode(ctx, err) + ": " + err.Error()
	}
	return reply
}

// readWhole reads a plain answer; one beyond the limit is an error with what was read so far.
func readWhole(source io.Reader, limit int) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(source, int64(limit)+1))
	if err == nil && len(body) > limit {
		return body[:limit], fmt.Errorf("the answer is larger than %d bytes", limit)
	}
	return body, err
}

func isEventStream(response *http.Response) bool {
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	return err == nil && kind == "text/event-stream"
}
