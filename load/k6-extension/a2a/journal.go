package a2a

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// journal appends one JSON value a line to a file. Each line is one write, so that a reader never sees half a line of a
// process that was killed between two of them, and nothing waits in a buffer.
type journal struct {
	mutex  sync.Mutex
	file   *os.File
	headed bool
}

func openJournal(path string) (*journal, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the journal cannot be written: %w", err)
	}
	return &journal{file: file}, nil
}

func (j *journal) write(line any) error {
	encoded, err := json.Marshal(line)
	if err != nil {
		return err
	}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	_, err = j.file.Write(append(encoded, '\n'))
	return err
}

// head writes the line that all others refer to, once.
func (j *journal) head(line runLine) error {
	j.mutex.Lock()
	done := j.headed
	j.headed = true
	j.mutex.Unlock()
	if done {
		return nil
	}
	return j.write(line)
}

// journals shares the open files among all virtual users: one a path.
type journals struct {
	mutex sync.Mutex
	open  map[string]*journal
}

func (all *journals) get(path string) (*journal, error) {
	all.mutex.Lock()
	defer all.mutex.Unlock()
	if known, ok := all.open[path]; ok {
		return known, nil
	}
	opened, err := openJournal(path)
	if err != nil {
		return nil, err
	}
	if all.open == nil {
		all.open = map[string]*journal{}
	}
	all.open[path] = opened
	return opened, nil
}

// runLine: the clock and the schedule. Times in microseconds since the Unix epoch.
type runLine struct {
	Kind   string `json:"k"` // "run"
	Clock  string `json:"clock"`
	Start  int64  `json:"start"`
	Period int64  `json:"period"`
}

// dropLine: an iteration that was due and had no virtual user.
type dropLine struct {
	Kind string `json:"k"` // "drop"
	At   int64  `json:"at"`
}

// taskLine: one send. Event times are relative to Invoked, stamps are microseconds since the Unix epoch.
type taskLine struct {
	Kind  string `json:"k"` // "task"
	Index int64  `json:"i"`
	// Scheduled is start + index × period: right as long as no earlier iteration was dropped.
	Scheduled int64    `json:"sch"`
	Invoked   int64    `json:"inv"`
	Head      int64    `json:"hd,omitempty"`
	Returned  int64    `json:"ret"`
	MessageID string   `json:"msg,omitempty"`
	Outcome   string   `json:"out"`
	Code      string   `json:"code,omitempty"`
	Error     string   `json:"err,omitempty"`
	Status    int      `json:"http,omitempty"`
	TaskID    string   `json:"id,omitempty"`
	TaskIDs   []string `json:"ids,omitempty"`
	ContextID string   `json:"ctx,omitempty"`
	State     string   `json:"st,omitempty"`
	// Held: the server left the stream open after the terminal state.
	Held   bool        `json:"held,omitempty"`
	Events []eventCell `json:"ev,omitempty"`
	// More: events beyond those listed.
	More int      `json:"more,omitempty"`
	Raw  *rawCell `json:"raw,omitempty"`
}

// rawCell: what was on the wire, for a sample of the sends.
type rawCell struct {
	URL     string     `json:"url"`
	Request string     `json:"req"`
	Headers [][]string `json:"hdr"`
	Data    []string   `json:"data"`
	// Names of the events that have one, by position.
	Names map[int]string `json:"names,omitempty"`
	// Cut: the events were too many or too large to be kept.
	Cut bool `json:"cut,omitempty"`
}

// eventCell: [kind, microseconds after the invocation, state, stamp, digits]; the last ones are left out where empty.
type eventCell struct {
	kind   string
	after  int64
	state  string
	stamp  int64
	digits int
}

func (cell eventCell) MarshalJSON() ([]byte, error) {
	switch {
	case cell.stamp != 0:
		return json.Marshal([]any{cell.kind, cell.after, cell.state, cell.stamp, cell.digits})
	case cell.state != "":
		return json.Marshal([]any{cell.kind, cell.after, cell.state})
	}
	return json.Marshal([]any{cell.kind, cell.after})
}
