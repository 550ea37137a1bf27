package a2a

import (
	"encoding/json"
	"strings"
	"time"
)

// Kinds of what a stream carries (StreamResponse in a2a.proto); error is a JSON-RPC error, other is none of these.
const (
	kindTask     = "task"
	kindMessage  = "message"
	kindStatus   = "status"
	kindArtifact = "artifact"
	kindError    = "error"
	kindOther    = "other"
)

// payload is what the generator reads of one message; nothing is judged or repaired here.
type payload struct {
	kind      string
	taskID    string
	contextID string
	state     string
	// stamp is when the agent says that it happened, zero where it does not say; digits are those behind the second.
	stamp  time.Time
	digits int
	// code and text of an error, or why the message is no message of A2A.
	code string
	text string
}

type wireStatus struct {
	State     string `json:"state"`
	Timestamp string `json:"timestamp"`
}

type wireArtifact struct {
	Metadata map[string]json.RawMessage `json:"metadata"`
}

type wireTask struct {
	ID        string     `json:"id"`
	ContextID string     `json:"contextId"`
	Status    wireStatus `json:"status"`
}

type wireUpdate struct {
	TaskID    string                     `json:"taskId"`
	ContextID string                     `json:"contextId"`
	Status    wireStatus                 `json:"status"`
	Artifact  wireArtifact               `json:"artifact"`
	Metadata  map[string]json.RawMessage `json:"metadata"`
}

type wireResult struct {
	Task           *wireTask   `json:"task"`
	Message        *wireUpdate `json:"message"`
	StatusUpdate   *wireUpdate `json:"statusUpdate"`
	ArtifactUpdate *wireUpdate `json:"artifactUpdate"`
}

type wireEnvelope struct {
	Result *wireResult `json:"result"`
	Error  *struct {
		Code    json.RawMessage `json:"code"`
		Message string          `json:"message"`
	} `json:"error"`
}

// decode reads a JSON-RPC response whose result is a StreamResponse. stampKey names the metadata member in which artifact
// events carry their emission stamp; empty for none.
func decode(data []byte, stampKey string) payload {
	var envelope wireEnvelope
	if err := json.Unmarshal(data, &envelope); err != nil {
		return payload{kind: kindOther, code: "not-json", text: err.Error()}
	}
	if envelope.Error != nil {
		return payload{kind: kindError, code: string(envelope.Error.Code), text: envelope.Error.Message}
	}
	result := envelope.Result
	switch {
	case result == nil:
		return payload{kind: kindOther, code: "no-result", text: "neither a result nor an error"}
	case result.Task != nil:
		task := result.Task
		return payload{kind: kindTask, taskID: task.ID, contextID: task.ContextID, state: task.Status.State}
	case result.StatusUpdate != nil:
		update := result.StatusUpdate
		read := payload{kind: kindStatus, taskID: update.TaskID, contextID: update.ContextID, state: update.Status.State}
		read.stamp, read.digits = parseStamp(update.Status.Timestamp)
		return read
	case result.ArtifactUpdate != nil:
		update := result.ArtifactUpdate
		read := payload{kind: kindArtifact, taskID: update.TaskID, contextID: update.ContextID}
		read.stamp, read.digits = parseStamp(stampOf(update, stampKey))
		return read
	case result.Message != nil:
		return payload{kind: kindMessage, contextID: result.Message.ContextID}
	}
	return payload{kind: kindOther, code: "no-payload", text: "the result is no task, message or update"}
}

func stampOf(update *wireUpdate, key string) string {
	if key == "" {
		return ""
	}
	for _, metadata := range []map[string]json.RawMessage{update.Metadata, update.Artifact.Metadata} {
		var text string
		if raw, ok := metadata[key]; ok && json.Unmarshal(raw, &text) == nil {
			return text
		}
	}
	return ""
}

// parseStamp reads an RFC 3339 timestamp; anything else is no stamp.
func parseStamp(text string) (time.Time, int) {
	if text == "" {
		return time.Time{}, 0
	}
	stamp, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, 0
	}
	_, fraction, _ := strings.Cut(text, ".")
	digits := 0
	for digits < len(fraction) && fraction[digits] >= '0' && fraction[digits] <= '9' {
		digits++
	}
	return stamp, digits
}

func isTerminal(state string) bool {
	switch state {
	case "TASK_STATE_COMPLETED", "TASK_STATE_FAILED", "TASK_STATE_CANCELED", "TASK_STATE_REJECTED":
		return true
	}
	return false
}

func isInterrupted(state string) bool {
	return state == "TASK_STATE_INPUT_REQUIRED" || state == "TASK_STATE_AUTH_REQUIRED"
}
