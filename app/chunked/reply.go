package chunked

import (
	"fmt"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// Type says where splunkd runs a command and what it may do with rows.
type Type string

// The types that splunkd accepts; any other ends the search.
const (
	TypeStreaming Type = "streaming" // one row at a time, on indexers or the search head
	TypeStateful  Type = "stateful"  // in order, on the search head
	TypeEvents    Type = "events"    // may reorder and drop events
	TypeReporting Type = "reporting" // rows become other rows; all are needed
)

// Valid tells whether splunkd accepts the type.
func (t Type) Valid() bool {
	return slices.Contains([]Type{TypeStreaming, TypeStateful, TypeEvents, TypeReporting}, t)
}

// Info is the reply to getinfo.
//
// The order of the fields is the order of the keys: splunkd loses messages that
// come after `error` (rule of Splunk's AI Toolkit).
type Info struct {
	Type Type `json:"type,omitempty"`
	// RequiredFields are the only ones splunkd will send; empty or "*" is all.
	RequiredFields []string `json:"required_fields,omitempty"`
	// StreamingPreop is SPL of streaming commands that splunkd may run on the
	// rows first, on the indexers. It may also leave it out.
	StreamingPreop string     `json:"streaming_preop,omitempty"`
	Inspector      *Inspector `json:"inspector,omitempty"`
	Finished       bool       `json:"finished,omitempty"`
	Error          string     `json:"error,omitempty"`
}

// Result is the metadata of the reply to an execute request. The order of the
// fields matters as it does in Info.
type Result struct {
	Inspector *Inspector `json:"inspector,omitempty"`
	// Finished repeats the flag of the request, or ends the search early.
	Finished bool `json:"finished"`
	// Error ends the search as failed. An ERROR message alone does not: schedulers
	// would see a success with no results.
	Error string `json:"error,omitempty"`
}

// Inspector carries what the job inspector shows.
type Inspector struct {
	Messages []Message `json:"messages,omitempty"`
}

// Level is how grave a message is.
type Level string

// The levels that splunkd accepts. WARN and ERROR are shown to the user as
// banners, INFO in the job inspector, DEBUG in search.log.
const (
	LevelDebug Level = "DEBUG"
	LevelInfo  Level = "INFO"
	LevelWarn  Level = "WARN"
	LevelError Level = "ERROR"
)

// Valid tells whether splunkd accepts the level.
func (l Level) Valid() bool {
	return slices.Contains([]Level{LevelDebug, LevelInfo, LevelWarn, LevelError}, l)
}

// Message is a text for the user, ["LEVEL","text"] on the wire.
type Message struct {
	Level Level
	Text  string
}

// MarshalJSON encodes the message as splunkd expects it.
func (m Message) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]string{string(m.Level), m.Text})
}

// UnmarshalJSON decodes a message; the level may be any.
func (m *Message) UnmarshalJSON(data []byte) error {
	var pair []string
	if err := json.Unmarshal(data, &pair); err != nil {
		return fmt.Errorf("reading message: %w", err)
	}
	if len(pair) != 2 {
		return fmt.Errorf("reading message: %d strings, want level and text", len(pair))
	}
	m.Level, m.Text = Level(pair[0]), pair[1]
	return nil
}
