package cli

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
)

// Where all events are of kinds that the hunt knows and makes no tree of, the error says which.
func TestNothingNamesWhatOnlyHelps(t *testing.T) {
	for want, l := range map[string]account.Ledger{
		"they are of scheduled tasks;":                        {Events: 3, Other: 3, Tasks: 3},
		"they are ends of processes;":                         {Events: 2, End: 2},
		"they are of scheduled tasks, and ends of processes;": {Events: 3, Other: 1, Tasks: 1, End: 2},
	} {
		if err := new(seen).nothing(l, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q in it", l, err, want)
		}
	}
}

// An event of Sysmon that the mode has no use for is no loss; one that it would read, and of
// which nothing is left, is.
func TestLossesAreTheModes(t *testing.T) {
	for id, want := range map[string]map[command.Mode]int{
		"1": {command.ModeHunt: 1, command.ModeKQL: 1}, "3": {command.ModeHunt: 1, command.ModeKQL: 1},
		"5": {command.ModeHunt: 1, command.ModeKQL: 0}, "22": {command.ModeHunt: 1, command.ModeKQL: 0},
	} {
		s := newSeen()
		s.sights[schema.SightOf([]byte(`{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":`+id+`,"Computer":"a"}`))]++
		for mode, n := range want {
			if told := s.losses(mode); len(told) != n {
				t.Errorf("event id %s, mode %s: %q", id, mode, told)
			}
		}
	}
}
