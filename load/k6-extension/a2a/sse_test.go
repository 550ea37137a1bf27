package a2a

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func collect(t *testing.T, source io.Reader, limit int) ([]string, error) {
	t.Helper()
	var found []string
	err := readEvents(source, limit, func(event sseEvent) error {
		found = append(found, string(event.data))
		return nil
	})
	return found, err
}

func TestEventsAsTheWireHasThem(t *testing.T) {
	cases := map[string]struct {
		wire string
		want []string
	}{
		"one":                       {"data: {\"a\":1}\n\n", []string{`{"a":1}`}},
		"no space":                  {"data:x\n\n", []string{"x"}},
		"only the first space":      {"data:  x\n\n", []string{" x"}},
		"CRLF":                      {"data: a\r\n\r\ndata: b\r\n\r\n", []string{"a", "b"}},
		"CR":                        {"data: a\r\rdata: b\r\r", []string{"a", "b"}},
		"mixed line ends":           {"data: a\r\n\ndata: b\n\r\n", []string{"a", "b"}},
		"several data lines":        {"data: a\ndata: b\ndata\n\n", []string{"a\nb\n"}},
		"comments, ids, names":      {": hi\nid: 7\nevent: x\nretry: 5\ndata: a\n\n: keep-alive\n\n", []string{"a"}},
		"an unknown field":          {"datas: no\ndata: a\n\n", []string{"a"}},
		"byte order mark":           {"\xef\xbb\xbfdata: a\n\n", []string{"a"}},
		"no blank line at the end":  {"data: a\n\ndata: b\n", []string{"a"}},
		"an event without data":     {"event: x\n\ndata: a\n\n", []string{"a"}},
		"a colon in the data":       {"data: {\"a\":\"b:c\"}\n\n", []string{`{"a":"b:c"}`}},
		"letters of several bytes":  {"data: häß€𝄞\n\n", []string{"häß€𝄞"}},
		"an event of empty data":    {"data:\n\ndata\n\ndata: a\n\n", []string{"a"}},
		"nothing":                   {"", nil},
		"back to back in one chunk": {"data: a\n\ndata: b\n\ndata: c\n\n", []string{"a", "b", "c"}},
	}
	for name, each := range cases {
		t.Run(name, func(t *testing.T) {
			whole, err := collect(t, strings.NewReader(each.wire), 1<<20)
			if err != nil || !reflect.DeepEqual(whole, each.want) {
				t.Fatalf("in one chunk: %q, %v; want %q", whole, err, each.want)
			}
			bytewise, err := collect(t, iotest.OneByteReader(strings.NewReader(each.wire)), 1<<20)
			if err != nil || !reflect.DeepEqual(bytewise, each.want) {
				t.Fatalf("byte by byte: %q, %v; want %q", bytewise, err, each.want)
			}
			for border := range each.wire {
				split := io.MultiReader(strings.NewReader(each.wire[:border]), strings.NewReader(each.wire[border:]))
				got, err := collect(t, split, 1<<20)
				if err != nil || !reflect.DeepEqual(got, each.want) {
					t.Fatalf("border at %d: %q, %v; want %q", border, got, err, each.want)
				}
			}
		})
	}
}

func TestCRLFEventIsThereWithItsCR(t *testing.T) {
	var found int
	parser := sseParser{limit: 100, each: func(sseEvent) error { found++; return nil }}
	if err := parser.feed([]byte("data: a\r\n\r"), time.Now()); err != nil || found != 1 {
		t.Fatalf("%d events, %v: an event must not wait for the LF of its last line end", found, err)
	}
	if err := parser.feed([]byte("\ndata: b\r\n\r\n"), time.Now()); err != nil || found != 2 {
		t.Fatalf("%d events, %v", found, err)
	}
}

func TestArrivalIsTheReadThatCompletedTheEvent(t *testing.T) {
	first, second := time.Now(), time.Now().Add(time.Second)
	var at []time.Time
	parser := sseParser{limit: 100, each: func(event sseEvent) error { at = append(at, event.at); return nil }}
	for _, chunk := range []struct {
		text string
		at   time.Time
	}{{"data: a\n\ndata: ", first}, {"b\n\n", second}} {
		if err := parser.feed([]byte(chunk.text), chunk.at); err != nil {
			t.Fatal(err)
		}
	}
	if len(at) != 2 || !at[0].Equal(first) || !at[1].Equal(second) {
		t.Fatalf("arrivals %v, want %v and %v", at, first, second)
	}
}

func TestNamesBelongToTheirEvent(t *testing.T) {
	var names []string
	wire := "event: ping\ndata: {}\n\ndata: a\n\nevent: lost\n\ndata: b\n\n"
	err := readEvents(strings.NewReader(wire), 100, func(event sseEvent) error { names = append(names, event.name); return nil })
	if err != nil || !reflect.DeepEqual(names, []string{"ping", "", ""}) {
		t.Fatalf("%q, %v", names, err)
	}
}

func TestHugeEvent(t *testing.T) {
	huge := strings.Repeat("x", 5<<20)
	found, err := collect(t, strings.NewReader("data: "+huge+"\n\ndata: b\n\n"), 8<<20)
	if err != nil || len(found) != 2 || found[0] != huge {
		t.Fatalf("%d events, %v", len(found), err)
	}
	var tooLarge errEventTooLarge
	if _, err = collect(t, strings.NewReader("data: "+huge+"\n\n"), 1<<20); !errors.As(err, &tooLarge) {
		t.Fatalf("got %v, want errEventTooLarge", err)
	}
	lines := bytes.Repeat([]byte("data: "+strings.Repeat("x", 1000)+"\n"), 2000)
	if _, err = collect(t, bytes.NewReader(lines), 1<<20); !errors.As(err, &tooLarge) {
		t.Fatalf("many lines: got %v, want errEventTooLarge", err)
	}
}

func TestReaderErrors(t *testing.T) {
	broken := errors.New("broken")
	found, err := collect(t, io.MultiReader(strings.NewReader("data: a\n\nda"), iotest.ErrReader(broken)), 100)
	if !errors.Is(err, broken) || len(found) != 1 {
		t.Fatalf("%q, %v", found, err)
	}
	count := 0
	err = readEvents(strings.NewReader("data: a\n\ndata: b\n\n"), 100, func(sseEvent) error { count++; return errStop })
	if err != nil || count != 1 {
		t.Fatalf("%d events, %v: errStop must end the reading quietly", count, err)
	}
}
