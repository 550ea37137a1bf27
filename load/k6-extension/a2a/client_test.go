package a2a

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRedirectKeepsMethodAndBody(t *testing.T) {
	var elsewhere http.Header
	other := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		elsewhere = request.Header.Clone()
		body, _ := io.ReadAll(request.Body)
		startStream(response)
		if request.Method == http.MethodPost && strings.Contains(string(body), "SendStreamingMessage") {
			emit(response, status("TASK_STATE_COMPLETED"))
		}
	}))
	defer other.Close()
	up, _ := setUp(t, func(response http.ResponseWriter, request *http.Request) {
		if request.Header.Get("Authorization") != "Bearer secret" {
			response.WriteHeader(http.StatusUnauthorized)
			return
		}
		if request.URL.Path == "/rpc" {
			http.Redirect(response, request, "/new", http.StatusTemporaryRedirect)
			return
		}
		http.Redirect(response, request, other.URL+"/rpc", http.StatusPermanentRedirect)
	}, `{ headers: { Authorization: "Bearer secret" } }`)
	result, line := up.send(`{}`)
	if result.Outcome != outcomeCompleted {
		t.Fatalf("%+v", result)
	}
	if elsewhere.Get("Authorization") != "" || elsewhere.Get("A2A-Version") != "1.0" {
		t.Errorf("another origin got %v", elsewhere)
	}
	if !strings.HasPrefix(line.Raw.URL, other.URL) {
		t.Errorf("journal has %s", line.Raw.URL)
	}
	if count := len(up.values("http_reqs")); count != 3 {
		t.Errorf("%d requests counted, want 3", count)
	}
}

func TestTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		startStream(response)
		emit(response, status("TASK_STATE_COMPLETED"))
	}))
	defer server.Close()
	up := setUpFor(t, server, `{}`)
	if result, _ := up.send(`{}`); result.Outcome != outcomeCompleted {
		t.Fatalf("%+v", result)
	}
	requests := up.values("http_reqs")
	if len(requests) != 1 || !strings.HasPrefix(requests[0].Tags.Map()["tls_version"], "tls1.") {
		t.Fatalf("%v", requests)
	}
	up.VU.StateField.Transport = &http.Transport{}
	if result, _ := up.send(`{}`); result.Outcome != outcomeTransport {
		t.Fatalf("a certificate of nobody was accepted: %+v", result)
	}
}

func TestPlainCall(t *testing.T) {
	up, _ := setUp(t, func(response http.ResponseWriter, request *http.Request) {
		var got struct{ Method, ID string }
		_ = json.NewDecoder(request.Body).Decode(&got)
		response.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(response, `{"jsonrpc":"2.0","id":%q,"result":{"id":%q}}`, got.ID, got.Method)
	}, `{}`)
	got := up.run(`const r = client.call("GetTask", { id: "t1" }, { messageId: "q" }); r.status + r.body + r.error`)
	if got != `200{"jsonrpc":"2.0","id":"q","result":{"id":"GetTask"}}` {
		t.Fatal(got)
	}
	if count := len(up.values("http_reqs")); count != 1 {
		t.Errorf("%d requests counted", count)
	}
}

func TestBadOptionsAndArguments(t *testing.T) {
	up, _ := setUp(t, func(http.ResponseWriter, *http.Request) {}, `{}`)
	for _, script := range []string{
		`client.sendStreamingMessage("{no json")`,
		`client.sendStreamingMessage({}, { tags: { a: {} } })`,
	} {
		if _, err := up.VU.Runtime().RunString(script); err == nil {
			t.Errorf("%s must throw", script)
		}
	}
	for _, given := range []options{
		{URL: "ftp://x"}, {URL: "http://x"}, {URL: "http://x", TimeoutMs: 1, MaxEventBytes: 1, RawEvery: -1}, {URL: "::"},
	} {
		if _, err := given.validate(); err == nil {
			t.Errorf("%+v must be refused", given)
		}
	}
}
