package a2a

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
)

const maxRedirects = 5

// errTimeout is the cause of a context that ended because the task took too long.
var errTimeout = errors.New("no end within the time limit")

// errClosed is the cause of a context that the client ended by itself.
var errClosed = errors.New("closed by the client")

// exchange is one HTTP request that is under way, with what k6 wants to know of it.
type exchange struct {
	state    *lib.State
	tags     metrics.TagsAndMeta
	tracer   *httpext.Tracer
	request  *http.Request
	response *http.Response
}

// open sends a POST and returns when the head of the answer is there. 307 and 308 are followed, as HTTP says.
func (c *Client) open(ctx context.Context, body []byte, accept string, tags metrics.TagsAndMeta) (*exchange, error) {
	state := c.instance.vu.State()
	if state.RPSLimit != nil {
		if err := state.RPSLimit.Wait(ctx); err != nil {
			return nil, err
		}
	}
	target := c.target
	for hops := 0; ; hops++ {
		sent, err := c.roundTrip(ctx, state, target, body, accept, tags)
		if err != nil {
			return nil, err
		}
		next := redirectOf(sent)
		if next == nil || hops == maxRedirects {
			return sent, nil
		}
		// Read, so that the connection can be used again.
		_, copyErr := io.Copy(io.Discard, io.LimitReader(sent.response.Body, readBufferBytes))
		sent.finish(ctx, copyErr)
		target = next
	}
}

func redirectOf(sent *exchange) *url.URL {
	status := sent.response.StatusCode
	if status != http.StatusTemporaryRedirect && status != http.StatusPermanentRedirect {
		return nil
	}
	next, err := sent.response.Location()
	if err != nil {
		return nil
	}
	return next
}

func (c *Client) roundTrip(
	ctx context.Context, state *lib.State, target *url.URL, body []byte, accept string, tags metrics.TagsAndMeta,
) (*exchange, error) {
	tracer := &httpext.Tracer{}
	request, err := http.NewRequestWithContext(
		httptrace.WithClientTrace(ctx, tracer.Trace()), http.MethodPost, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header = c.headersFor(target, accept)
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
		request.Header.Del("Host")
	}
	sent := &exchange{state: state, tags: tags, tracer: tracer, request: request}
	//nolint:bodyclose // finish closes it.
	sent.response, err = state.Transport.RoundTrip(request)
	if err != nil {
		sent.finish(ctx, err)
		return nil, err
	}
	return sent, nil
}

// finish closes the body and hands k6 its http_* metrics. failure is what ended the exchange early, nil for a whole answer.
func (e *exchange) finish(ctx context.Context, failure error) {
	if e.response != nil {
		// Nothing can be done about a body that does not close.
		_ = e.response.Body.Close()
	}
	trail := e.tracer.Done()
	tags := e.tags.Clone()
	enabled := e.state.Options.SystemTags
	set := func(tag metrics.SystemTag, value string) { tags.SetSystemTagOrMetaIfEnabled(enabled, tag, value) }

	target := *e.request.URL
	target.User = nil
	name := target.String()
	if given, ok := tags.Tags.Get(metrics.TagName.String()); ok {
		name = given
	} else {
		set(metrics.TagName, name)
	}
	set(metrics.TagURL, name)
	set(metrics.TagMethod, e.request.Method)

	failed := failure != nil && !errors.Is(failure, errClosed)
	status := 0
	if e.response != nil {
		status = e.response.StatusCode
		failed = failed || status >= http.StatusBadRequest
		set(metrics.TagProto, e.response.Proto)
		if e.response.TLS != nil {
			info, stapling := netext.ParseTLSConnState(e.response.TLS)
			set(metrics.TagTLSVersion, info.Version)
			set(metrics.TagOCSPStatus, stapling.Status)
		}
	}
	set(metrics.TagStatus, strconv.Itoa(status))
	if failure != nil && failed {
		set(metrics.TagError, failureCode(ctx, failure))
	}
	if enabled.Has(metrics.TagIP) && trail.ConnRemoteAddr != nil {
		if ip, _, err := net.SplitHostPort(trail.ConnRemoteAddr.String()); err == nil {
			tags.SetSystemTagOrMeta(metrics.TagIP, ip)
		}
	}
	set(metrics.TagExpectedResponse, strconv.FormatBool(!failed))

	trail.SaveSamples(e.state.BuiltinMetrics, &tags)
	trail.Failed.Valid = true
	trail.Failed.Bool = failed
	trail.Samples = append(trail.Samples, sampleOf(e.state.BuiltinMetrics.HTTPReqFailed, trail.EndTime, &tags, boolean(failed)))
	push(ctx, e.state, trail)
}

// push hands samples over also where the task's own context has ended (a time limit), as long as the run goes on.
func push(ctx context.Context, state *lib.State, samples metrics.SampleContainer) {
	if cause := context.Cause(ctx); cause == nil || errors.Is(cause, errTimeout) || errors.Is(cause, errClosed) {
		state.Samples <- samples
	}
}

func sampleOf(metric *metrics.Metric, at time.Time, tags *metrics.TagsAndMeta, value float64) metrics.Sample {
	return metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags.Tags},
		Time:       at,
		Metadata:   tags.Metadata,
		Value:      value,
	}
}

func boolean(value bool) float64 {
	if value {
		return 1
	}
	return 0
}

// failureCode names what broke an exchange.
func failureCode(ctx context.Context, failure error) string {
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(context.Cause(ctx), errTimeout):
		return "timeout"
	case ctx.Err() != nil:
		return "canceled"
	case errors.Is(failure, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(failure, syscall.ECONNRESET), errors.Is(failure, syscall.EPIPE), errors.Is(failure, io.ErrUnexpectedEOF), errors.Is(failure, io.EOF):
		return "reset"
	case errors.As(failure, &dns):
		return "dns"
	case errors.As(failure, &timeout) && timeout.Timeout():
		return "timeout"
	}
	return "other"
}
