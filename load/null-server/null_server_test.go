package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func start(t *testing.T, events int) (string, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(newAgent("http://here", events, 0))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), server
}

func post(t *testing.T, server *httptest.Server, body string) string {
	t.Helper()
	response, err := http.Post(server.URL+"/rpc", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTasksAreDoneAndFound(t *testing.T) {
	_, server := start(t, 2)
	streamed := post(t, server, `{"id":1,"method":"SendStreamingMessage"}`)
	if got := strings.Count(streamed, "data: "); got != 5 || !strings.Contains(streamed, "TASK_STATE_COMPLETED") {
		t.Fatalf("%d events: %s", got, streamed)
	}
	if sent := post(t, server, `{"id":2,"method":"SendMessage"}`); !strings.Contains(sent, `"null-2"`) {
		t.Fatal(sent)
	}
	for id, found := range map[string]bool{"null-1": true, "null-2": true, "null-3": false, "null-0": false, "x": false} {
		got := post(t, server, `{"id":3,"method":"GetTask","params":{"id":"`+id+`"}}`)
		if strings.Contains(got, "COMPLETED") != found {
			t.Errorf("%s: %s", id, got)
		}
	}
}

func TestControlSeesEveryStampedEvent(t *testing.T) {
	address, _ := start(t, 3)
	var report bytes.Buffer
	if err := runControl(address, 6000, 100*time.Millisecond, &report); err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(&report)
	count := 0
	for {
		var one observed
		if err := decoder.Decode(&one); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		count++
		// WORKING, three chunks and COMPLETED; none arrives before it is stamped.
		if one.Arrived < one.Stamp || one.TaskID == "" {
			t.Errorf("%+v", one)
		}
	}
	if count != 10*5 {
		t.Errorf("%d events, want 50", count)
	}
}
