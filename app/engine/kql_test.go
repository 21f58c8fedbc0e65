package engine

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
)

// The ledger of mode=kql counts devices and processes, not the query's patterns: a root
// with two children is one tree, and one process.
func TestLedgerOfTheQuery(t *testing.T) {
	const process = `{"Timestamp":"2026-11-21T08:00:00Z","DeviceId":"d","ActionType":"ProcessCreated","FileName":"NAME","ProcessId":ID,` +
		`"ProcessCommandLine":"NAME","ProcessCreationTime":"2026-11-21T08:00:00Z","InitiatingProcessFileName":"PARENT","InitiatingProcessId":UP,` +
		`"InitiatingProcessCommandLine":"RUNS","InitiatingProcessCreationTime":"2026-11-21T07:00:00Z"}`
	const connection = `{"Timestamp":"2026-11-21T08:00:01Z","DeviceId":"d","ActionType":"ConnectionSuccess","RemoteIP":"203.0.113.9","RemotePort":443,` +
		`"RemoteIPType":"Public","InitiatingProcessFileName":"NAME","InitiatingProcessId":ID,"InitiatingProcessCreationTime":"2026-11-21T08:00:00Z"}`
	o, err := command.Parse([]string{"mode=kql", "now=2026-11-21T12:00:00Z"})
	if err != nil {
		t.Fatal(err)
	}
	query, err := Start(Config{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	lane, err := query.Lane()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct{ name, id, parent, up, runs string }{
		{"a.exe", "5", "svchost.exe", "1", "svchost.exe -k netsvcs -p -s Schedule"},
		{"b.exe", "6", "a.exe", "5", "a.exe"},
		{"c.exe", "7", "a.exe", "5", "a.exe"},
	} {
		fill := strings.NewReplacer("NAME", p.name, "ID\":ID", "ID\":"+p.id, "Id\":ID", "Id\":"+p.id, "PARENT", p.parent, "UP", p.up, "RUNS", p.runs)
		start := fill.Replace(process)
		if p.parent == "a.exe" { // the parent's own creation time is part of its key
			start = strings.Replace(start, "T07:00", "T08:00", 1)
		}
		for _, text := range []string{start, fill.Replace(connection)} {
			if _, err := lane.AddText([]byte(text)); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
	}
	result, err := query.Finish()
	if err != nil {
		t.Fatal(err)
	}
	line := result.Ledger.String()
	if !strings.Contains(line, "events=6 process=3 connection=3 ") || !strings.Contains(line, " devices=1 trees=1 kept=1 nodes=3 ") {
		t.Error(line)
	}
	if last := result.Messages[len(result.Messages)-1]; last.Text != line || len(result.Rows) != 4 {
		t.Errorf("%d rows, want 4: the query shows the root's connection with each child; the last message is %q", len(result.Rows), last.Text)
	}
}
