package a2a

import (
	"testing"
	"time"
)

func TestDecode(t *testing.T) {
	cases := map[string]struct {
		wire  string
		want  payload
		stamp string
	}{
		"task": {
			wire: `{"result":{"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_SUBMITTED","timestamp":"2026-01-02T03:04:05Z"}}}}`,
			want: payload{kind: kindTask, taskID: "t", contextID: "c", state: "TASK_STATE_SUBMITTED"},
		},
		"status": {
			wire:  `{"result":{"statusUpdate":{"taskId":"t","contextId":"c","status":{"state":"TASK_STATE_WORKING","timestamp":"2026-01-02T03:04:05.678901Z"}}}}`,
			want:  payload{kind: kindStatus, taskID: "t", contextID: "c", state: "TASK_STATE_WORKING", digits: 6},
			stamp: "2026-01-02T03:04:05.678901Z",
		},
		"status without a stamp": {
			wire: `{"result":{"statusUpdate":{"taskId":"t","status":{"state":"TASK_STATE_WORKING","timestamp":"yesterday"}}}}`,
			want: payload{kind: kindStatus, taskID: "t", state: "TASK_STATE_WORKING"},
		},
		"artifact, stamp of the event": {
			wire:  `{"result":{"artifactUpdate":{"taskId":"t","artifact":{"artifactId":"a","parts":[]},"metadata":{"emittedAt":"2026-01-02T03:04:05.6Z"}}}}`,
			want:  payload{kind: kindArtifact, taskID: "t", digits: 1},
			stamp: "2026-01-02T03:04:05.6Z",
		},
		"artifact, stamp of the artifact": {
			wire:  `{"result":{"artifactUpdate":{"taskId":"t","artifact":{"metadata":{"emittedAt":"2026-01-02T03:04:05+01:00"}}}}}`,
			want:  payload{kind: kindArtifact, taskID: "t"},
			stamp: "2026-01-02T03:04:05+01:00",
		},
		"artifact, a stamp of another type": {
			wire: `{"result":{"artifactUpdate":{"taskId":"t","artifact":{"metadata":{"emittedAt":17}}}}}`,
			want: payload{kind: kindArtifact, taskID: "t"},
		},
		"message":  {wire: `{"result":{"message":{"contextId":"c"}}}`, want: payload{kind: kindMessage, contextID: "c"}},
		"error":    {wire: `{"error":{"code":-32603,"message":"no"}}`, want: payload{kind: kindError, code: "-32603", text: "no"}},
		"bad code": {wire: `{"error":{"code":"E","message":"no"}}`, want: payload{kind: kindError, code: `"E"`, text: "no"}},
		"nothing":  {wire: `{}`, want: payload{kind: kindOther, code: "no-result", text: "neither a result nor an error"}},
		"null":     {wire: `null`, want: payload{kind: kindOther, code: "no-result", text: "neither a result nor an error"}},
		"empty":    {wire: `{"result":{}}`, want: payload{kind: kindOther, code: "no-payload", text: "the result is no task, message or update"}},
	}
	for name, each := range cases {
		t.Run(name, func(t *testing.T) {
			got := decode([]byte(each.wire), "emittedAt")
			if each.stamp != "" {
				want, err := time.Parse(time.RFC3339Nano, each.stamp)
				if err != nil || !got.stamp.Equal(want) {
					t.Fatalf("stamp %v, want %v", got.stamp, want)
				}
				got.stamp = time.Time{}
			}
			if got != each.want {
				t.Fatalf("got %+v, want %+v", got, each.want)
			}
		})
	}
	if got := decode([]byte("no JSON"), ""); got.kind != kindOther || got.code != "not-json" {
		t.Fatalf("got %+v", got)
	}
}
