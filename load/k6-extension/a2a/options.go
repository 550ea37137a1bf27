package a2a

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// options of a client; times in milliseconds.
type options struct {
	// URL of the JSON-RPC interface, as in the card.
	URL string `js:"url"`
	// Headers (credentials among them) go to the origin of URL only.
	Headers map[string]string `js:"headers"`
	// TimeoutMs: from the invocation to the end of the task.
	TimeoutMs float64 `js:"timeoutMs"`
	// GraceMs: how long a stream may stay open after the terminal state before the client closes it.
	GraceMs float64 `js:"graceMs"`
	// MaxEventBytes: a larger event ends the stream.
	MaxEventBytes int `js:"maxEventBytes"`
	// Journal is the file that each send is written to; empty for none.
	Journal string `js:"journal"`
	// RawEvery: each n-th send is written with what was on the wire; 0 for none.
	RawEvery int64 `js:"rawEvery"`
	// StampKey: the metadata member with the emission stamp of artifact events; empty for none.
	StampKey string `js:"stampKey"`
	// PeriodMicros: distance of two moments of the schedule; 0 where nothing is scheduled.
	PeriodMicros float64 `js:"periodMicros"`
}

func defaultOptions() options {
	return options{TimeoutMs: 60_000, GraceMs: 2_000, MaxEventBytes: 16 * 1024 * 1024, StampKey: "emittedAt"}
}

func (o options) validate() (*url.URL, error) {
	target, err := url.Parse(o.URL)
	if err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	if target.Scheme != "http" && target.Scheme != "https" || target.Host == "" {
		return nil, fmt.Errorf("url: %q is no HTTP URL", o.URL)
	}
	if o.TimeoutMs <= 0 || o.GraceMs < 0 || o.MaxEventBytes <= 0 || o.PeriodMicros < 0 || o.RawEvery < 0 {
		return nil, errors.New("timeoutMs and maxEventBytes must be positive, the other numbers not negative")
	}
	return target, nil
}

func (o options) timeout() time.Duration {
	return time.Duration(o.TimeoutMs * float64(time.Millisecond))
}

func (o options) grace() time.Duration { return time.Duration(o.GraceMs * float64(time.Millisecond)) }

// protocolHeaders are sent to every origin that a redirect leads to.
func protocolHeaders(accept string) http.Header {
	return http.Header{
		"Content-Type": {"application/json"},
		"Accept":       {accept},
		"A2a-Version":  {"1.0"},
	}
}

// headersFor gives the headers of a request; the user's own ones, which may be credentials, stay on the interface's origin.
func (c *Client) headersFor(target *url.URL, accept string) http.Header {
	headers := protocolHeaders(accept)
	if agent := c.instance.vu.State().Options.UserAgent; agent.Valid {
		headers.Set("User-Agent", agent.String)
	}
	if !strings.EqualFold(target.Scheme, c.target.Scheme) || !strings.EqualFold(target.Host, c.target.Host) {
		return headers
	}
	for name, value := range c.options.Headers {
		headers.Set(name, value)
	}
	return headers
}
