// Command null-server stands where an agent would, for figures about the generator: it does no work, and stamps each event
// with microseconds as it sends it. Other modes are the controls beside it: a client that only reads, and a tap.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	events := flag.Int("events", 3, "artifact events of a task")
	pause := flag.Duration("pause", 0, "pause before each event")
	control := flag.String("control", "", "address to read tasks from, as a client that does nothing else")
	tap := flag.String("tap", "", "address to forward connections to, noting when each event passes")
	rate := flag.Int("rate", 400, "tasks a minute of the control")
	duration := flag.Duration("duration", 10*time.Second, "how long the control runs")
	flag.Parse()

	switch {
	case *control != "":
		fail(runControl(*control, *rate, *duration, os.Stdout))
	case *tap != "":
		fail(serveTap(*tap))
	default:
		fail(serveAgent(*events, *pause))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "null-server:", err)
		os.Exit(1)
	}
}

// listen takes a port of the OS on loopback and says where it is, as all servers here do.
func listen() (net.Listener, string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	return listener, "http://" + listener.Addr().String(), nil
}

func announce(url string) error {
	return json.NewEncoder(os.Stdout).Encode(map[string]string{"url": url})
}

// untilStdinCloses ends with the process that started this one.
func untilStdinCloses(end func()) {
	_, _ = io.Copy(io.Discard, os.Stdin)
	end()
}

func serveAgent(events int, pause time.Duration) error {
	listener, url, err := listen()
	if err != nil {
		return err
	}
	server := &http.Server{Handler: newAgent(url, events, pause), ReadHeaderTimeout: time.Minute}
	go untilStdinCloses(func() { _ = server.Close() })
	if err := announce(url); err != nil {
		return err
	}
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}
