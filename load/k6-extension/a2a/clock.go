package a2a

import (
	"fmt"
	"os"
	"time"
)

// clock gives times in microseconds since the Unix epoch that never go back: the wall clock is read once, what follows
// is measured on the monotonic clock.
type clock struct {
	id   string
	base time.Time
}

func newClock() *clock {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown-host"
	}
	now := time.Now()
	return &clock{id: fmt.Sprintf("k6@%s/%d/%d", host, os.Getpid(), now.UnixMilli()), base: now}
}

// micros converts a time that was read in this process.
func (c *clock) micros(t time.Time) int64 {
	return c.base.UnixMicro() + t.Sub(c.base).Microseconds()
}
