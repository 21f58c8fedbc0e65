package chunked

import (
	"strings"
	"unicode/utf8"
)

// outbox collects messages until the next reply and lets each text pass once: a
// repeated one is rejected by splunkd, and others with it.
type outbox struct {
	pending []Message
	sent    map[string]bool
}

// add puts messages in the box. An unknown level becomes ERROR, as the AI Toolkit
// does with CRITICAL; bad UTF-8 is made valid; an empty text is dropped.
func (o *outbox) add(messages ...Message) {
	for _, m := range messages {
		m.Text = validText(m.Text)
		if m.Text == "" || o.sent[m.Text] {
			continue
		}
		if !m.Level.Valid() {
			m.Level = LevelError
		}
		if o.sent == nil {
			o.sent = make(map[string]bool)
		}
		o.sent[m.Text] = true
		o.pending = append(o.pending, m)
	}
}

// take empties the box; nil if there is nothing in it.
func (o *outbox) take() *Inspector {
	if len(o.pending) == 0 {
		return nil
	}
	taken := &Inspector{Messages: o.pending}
	o.pending = nil
	return taken
}

func validText(text string) string {
	return strings.ToValidUTF8(text, string(utf8.RuneError))
}
