package account

import (
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Result is what a run returns.
type Result struct {
	Columns  []string
	Rows     []row.Row
	Ledger   Ledger
	Messages Messages // the ledger's line last
	Unfound  []string // ids that propose= names and no finding has
}

// Unanswered reports whether nothing that was asked for is there.
func (r *Result) Unanswered() bool { return len(r.Unfound) > 0 && len(r.Rows) == 0 }

// Message is one sentence for the user. Level is Info or Warn.
type Message struct{ Level, Text string }

// The levels of messages, as Splunk spells them.
const (
	Info = "INFO"
	Warn = "WARN"
)

// Messages are what a run says, in order.
type Messages []Message

// Say adds a sentence.
func (m *Messages) Say(level, format string, args ...any) {
	*m = append(*m, Message{level, fmt.Sprintf(format, args...)})
}

// SayAll adds sentences that are ready.
func (m *Messages) SayAll(level string, texts []string) {
	for _, text := range texts {
		m.Say(level, "%s", text)
	}
}

// Malformed says that events could not be used.
func Malformed(n int) string {
	return Events(n) + " could not be used: broken off, or without a device, a process or a destination; all others were read"
}

// Events is a number of events in words.
func Events(n int) string { return Plural(n, "event") }

// Processes is a number of processes in words.
func Processes(n int) string {
	if n == 1 {
		return "1 process"
	}
	return fmt.Sprintf("%d processes", n)
}

// Plural is a number of things in words; the word's plural ends in s.
func Plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// Few reports whether a fleet has too few devices for rarity to say something.
func Few(devices int) bool { return devices < 10 }

// FewDevices says on what the order of findings rests where there are too few devices to
// judge what is rare; "" where there are enough, or none.
func FewDevices(devices int) string {
	if devices < 1 || !Few(devices) {
		return ""
	}
	return "rarity cannot be judged on " + Plural(devices, "device") +
		": the order rests on what is not Windows' own, habits, cadence, contacts inside runs, age, and the tasks' facts"
}
