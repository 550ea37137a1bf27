package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// observed is one event: whose, when it was stamped, when it was seen; microseconds since the Unix epoch.
type observed struct {
	TaskID  string `json:"task"`
	Stamp   int64  `json:"stamp"`
	Arrived int64  `json:"at"`
}

// stampOf reads task and stamp of one event as the null server writes them; false for an event without.
func stampOf(data []byte) (string, int64, bool) {
	var event struct {
		Result struct {
			StatusUpdate *struct {
				TaskID string `json:"taskId"`
				Status struct {
					Timestamp time.Time `json:"timestamp"`
				} `json:"status"`
			} `json:"statusUpdate"`
			ArtifactUpdate *struct {
				TaskID   string `json:"taskId"`
				Metadata struct {
					EmittedAt time.Time `json:"emittedAt"`
				} `json:"metadata"`
			} `json:"artifactUpdate"`
		} `json:"result"`
	}
	if json.Unmarshal(data, &event) != nil {
		return "", 0, false
	}
	if update := event.Result.StatusUpdate; update != nil {
		return update.TaskID, update.Status.Timestamp.UnixMicro(), true
	}
	if update := event.Result.ArtifactUpdate; update != nil {
		return update.TaskID, update.Metadata.EmittedAt.UnixMicro(), true
	}
	return "", 0, false
}

// watcher cuts a byte stream into lines and notes the events in it. It reads nothing by itself.
type watcher struct {
	line []byte
	note func(observed)
}

func (w *watcher) take(chunk []byte, at time.Time) {
	for len(chunk) > 0 {
		end := bytes.IndexByte(chunk, '\n')
		if end < 0 {
			w.line = append(w.line, chunk...)
			return
		}
		w.line = append(w.line, chunk[:end]...)
		chunk = chunk[end+1:]
		if data, ok := bytes.CutPrefix(w.line, []byte("data: ")); ok {
			if taskID, stamped, found := stampOf(data); found {
				w.note(observed{TaskID: taskID, Stamp: stamped, Arrived: at.UnixMicro()})
			}
		}
		w.line = w.line[:0]
	}
}

// collector gathers what several connections observe.
type collector struct {
	mutex sync.Mutex
	seen  []observed
}

func (c *collector) note(one observed) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.seen = append(c.seen, one)
}

// report writes one observation a line.
func (c *collector) report(to io.Writer) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	encoder := json.NewEncoder(to)
	for _, one := range c.seen {
		if err := encoder.Encode(one); err != nil {
			return err
		}
	}
	return nil
}

// runControl sends tasks at a constant rate over raw connections, and does nothing with the answers but note when they came: the
// least that any measurement costs.
func runControl(address string, rate int, duration time.Duration, to io.Writer) error {
	period := time.Minute / time.Duration(rate)
	all := &collector{}
	var group sync.WaitGroup
	var mutex sync.Mutex
	var first error
	start := time.Now()
	for index := 0; time.Duration(index)*period < duration; index++ {
		time.Sleep(time.Until(start.Add(time.Duration(index) * period)))
		group.Add(1)
		go func() {
			defer group.Done()
			if err := readTask(address, index, all); err != nil {
				mutex.Lock()
				defer mutex.Unlock()
				if first == nil {
					first = err
				}
			}
		}()
	}
	group.Wait()
	if first != nil {
		return first
	}
	return all.report(to)
}

func readTask(address string, index int, all *collector) error {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer connection.Close()
	body := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"SendStreamingMessage","params":{"message":`+
		`{"messageId":"control-%d","role":"ROLE_USER","parts":[{"text":"nothing"}]}}}`, index, index)
	_, err = fmt.Fprintf(connection, "POST /rpc HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"+
		"A2A-Version: 1.0\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", address, len(body), body)
	if err != nil {
		return err
	}
	// The chunks of HTTP stand on lines of their own, between those of the events.
	seen := watcher{note: all.note}
	buffer := make([]byte, 32*1024)
	for {
		n, err := connection.Read(buffer)
		seen.take(buffer[:n], time.Now())
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
