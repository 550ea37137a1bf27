package main

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// serveTap forwards connections to an address and notes when each event passes on its way back. When stdin closes it writes
// what it noted.
func serveTap(upstream string) error {
	listener, url, err := listen()
	if err != nil {
		return err
	}
	all := &collector{}
	done := make(chan struct{})
	go untilStdinCloses(func() { close(done); _ = listener.Close() })
	if err := announce(url); err != nil {
		return err
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			select {
			case <-done:
				return all.report(os.Stdout)
			default:
				return err
			}
		}
		go forward(client, upstream, all)
	}
}

func forward(client net.Conn, upstream string, all *collector) {
	defer client.Close()
	server, err := net.Dial("tcp", upstream)
	if err != nil {
		return
	}
	defer server.Close()
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		defer group.Done()
		_, _ = io.Copy(server, client)
		// The other direction ends with the server's answer.
		_ = server.(*net.TCPConn).CloseWrite()
	}()
	seen := watcher{note: all.note}
	buffer := make([]byte, 32*1024)
	for {
		n, err := server.Read(buffer)
		at := time.Now()
		if n > 0 {
			// Passed on first: what the tap does with it must not delay it.
			if _, writeErr := client.Write(buffer[:n]); writeErr != nil {
				break
			}
			seen.take(buffer[:n], at)
		}
		if err != nil {
			break
		}
	}
	_ = client.Close()
	group.Wait()
}
