package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/account"
)

// What a run has to say is said once, wherever it stands: all at the end, or what is no
// warning before the rows and the warnings behind them.
func TestMessagesAreToldOnce(t *testing.T) {
	var messages account.Messages
	messages.Say(account.Info, "a note")
	messages.Say(account.Warn, "a limit")
	messages.Say(account.Info, "the ledger")
	for _, before := range []bool{false, true} {
		var errs bytes.Buffer
		o := &output{streams: Streams{Err: &errs}}
		if before {
			o.tellNotes(messages)
			errs.WriteString("rows\n")
		}
		o.tell(messages)
		want := "a note\nwarning: a limit\nthe ledger\n"
		if before {
			want = "a note\nthe ledger\nrows\nwarning: a limit\n"
		}
		if errs.String() != want {
			t.Errorf("notes first is %v: told\n%s, want\n%s", before, errs.String(), want)
		}
	}
	var errs bytes.Buffer
	o := &output{streams: Streams{Err: &errs}, quiet: true}
	if o.tell(messages); strings.Count(errs.String(), "\n") != 1 {
		t.Errorf("quiet, it tells %q", errs.String())
	}
}
