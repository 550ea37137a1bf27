package a2a

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

// sseEvent is one server-sent event. data is valid until the callback returns.
type sseEvent struct {
	data []byte
	// name of the event; empty where none was given.
	name string
	// at is when the read returned that completed the event.
	at time.Time
}

// errStop ends the reading of a stream without being an error of the stream.
var errStop = errors.New("stop reading")

// errEventTooLarge: an event grew beyond the limit.
type errEventTooLarge struct{ limit int }

func (e errEventTooLarge) Error() string {
	return fmt.Sprintf("a server-sent event is larger than %d bytes", e.limit)
}

const readBufferBytes = 32 * 1024

var byteOrderMark = []byte("\xef\xbb\xbf")

// sseParser cuts a byte stream into server-sent events (WHATWG HTML, §9.2.6), however the chunks fall. It holds one event
// at most, never the response.
type sseParser struct {
	limit int
	each  func(sseEvent) error

	line    []byte
	data    []byte
	name    string
	hasData bool
	// afterCR: the last byte was CR, so that an LF right behind it belongs to the same line end.
	afterCR bool
	started bool
}

// feed takes the next bytes, which arrived at the given time.
func (p *sseParser) feed(chunk []byte, at time.Time) error {
	for len(chunk) > 0 {
		if p.afterCR {
			p.afterCR = false
			if chunk[0] == '\n' {
				chunk = chunk[1:]
				continue
			}
		}
		end := bytes.IndexAny(chunk, "\r\n")
		if end < 0 {
			p.line = append(p.line, chunk...)
			return p.checkLimit()
		}
		p.line = append(p.line, chunk[:end]...)
		p.afterCR = chunk[end] == '\r'
		chunk = chunk[end+1:]
		if err := p.checkLimit(); err != nil {
			return err
		}
		if err := p.endLine(at); err != nil {
			return err
		}
	}
	return nil
}

func (p *sseParser) checkLimit() error {
	if len(p.line)+len(p.data) > p.limit {
		return errEventTooLarge{p.limit}
	}
	return nil
}

func (p *sseParser) endLine(at time.Time) error {
	line := p.line
	p.line = p.line[:0]
	if !p.started {
		p.started = true
		line = bytes.TrimPrefix(line, byteOrderMark)
	}
	if len(line) == 0 {
		return p.dispatch(at)
	}
	field, value, _ := bytes.Cut(line, []byte(":"))
	if string(field) == "event" {
		p.name = string(bytes.TrimPrefix(value, []byte(" ")))
		return nil
	}
	if string(field) != "data" {
		// Comments (an empty field name), ids and retry times carry nothing of A2A.
		return nil
	}
	if p.hasData {
		p.data = append(p.data, '\n')
	}
	p.hasData = true
	p.data = append(p.data, bytes.TrimPrefix(value, []byte(" "))...)
	return nil
}

func (p *sseParser) dispatch(at time.Time) error {
	data, name := p.data, p.name
	p.data, p.name, p.hasData = p.data[:0], "", false
	if len(data) == 0 {
		return nil
	}
	return p.each(sseEvent{data: data, name: name, at: at})
}

// readEvents reads until the source ends (nil), fails, or each says errStop (nil). Each read is stamped once, right after
// it returned, so that parsing adds nothing to an arrival time.
func readEvents(source io.Reader, limit int, each func(sseEvent) error) error {
	parser := sseParser{limit: limit, each: each}
	buffer := make([]byte, readBufferBytes)
	for {
		n, err := source.Read(buffer)
		at := time.Now()
		if n > 0 {
			if feedErr := parser.feed(buffer[:n], at); feedErr != nil {
				if errors.Is(feedErr, errStop) {
					return nil
				}
				return feedErr
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
