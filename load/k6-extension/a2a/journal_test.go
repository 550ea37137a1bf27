package a2a

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestJournalIsSharedAndWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.ndjson")
	all := &journals{}
	var group sync.WaitGroup
	for writer := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			mine, err := all.get(path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := mine.head(runLine{Kind: "run"}); err != nil {
				t.Error(err)
			}
			for index := range 200 {
				if err := mine.write(taskLine{Kind: "task", Index: int64(writer*200 + index), Error: strings.Repeat("e", index)}); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	heads, tasks := 0, map[int64]bool{}
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		var line struct {
			K string
			I int64
		}
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.K == "run" {
			heads++
		} else {
			tasks[line.I] = true
		}
	}
	if heads != 1 || len(tasks) != 1600 {
		t.Fatalf("%d heads, %d tasks", heads, len(tasks))
	}
}
