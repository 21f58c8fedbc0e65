package doors

import (
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Ledger is the numbers of a ledger's line, by name.
type Ledger map[string]int

var ledgerNames = strings.Fields("events process connection end other malformed duplicate devices " +
	"trees kept nodes connections hidden orphans ambiguous")

// readLedger reads the ledger out of the message that holds it, which every run has
// exactly once.
func readLedger(t testing.TB, messages []string) Ledger {
	t.Helper()
	var found Ledger
	for _, m := range messages {
		line, isLedger := strings.CutPrefix(m, "INFO schtaskhunt: ")
		if !isLedger {
			continue
		}
		if found != nil {
			t.Fatalf("two ledgers: %q", messages)
		}
		found = Ledger{}
		for i, pair := range strings.Fields(line) {
			name, number, _ := strings.Cut(pair, "=")
			n, err := strconv.Atoi(number)
			if err != nil || i >= len(ledgerNames) || name != ledgerNames[i] || n < 0 {
				t.Fatalf("ledger %q: item %d is %q", line, i+1, pair)
			}
			found[name] = n
		}
	}
	if len(found) != len(ledgerNames) {
		t.Fatalf("no whole ledger in %q", messages)
	}
	return found
}

// Audit holds the rows of an outcome against its ledger, and the ledger against
// itself. It is run on the outcome of every hunt of these tests.
func (o *Outcome) Audit(t testing.TB) {
	t.Helper()
	o.Ledger = readLedger(t, o.Messages)
	l := o.Ledger
	if sum := l["process"] + l["connection"] + l["end"] + l["other"] + l["malformed"]; l["events"] != sum {
		t.Errorf("events=%d, but the kinds add up to %d: %v", l["events"], sum, l)
	}
	if l["duplicate"] > l["process"]+l["connection"]+l["end"] || l["kept"] > l["trees"] {
		t.Errorf("ledger counts more of a part than of the whole: %v", l)
	}
	if o.Rows == nil {
		return
	}
	for name, counted := range o.sums() {
		if l[name] != counted {
			t.Errorf("ledger has %s=%d, the rows have %d", name, l[name], counted)
		}
	}
}

// sums counts in the rows what the ledger says of them, as far as the kinds of rows
// that are there can tell.
func (o *Outcome) sums() map[string]int {
	sums := map[string]int{}
	trees := map[string]bool{}
	perNode, perConnection, connectionRows := 0, 0, 0
	for _, r := range o.Rows {
		trees[r.Get("tree_id")] = true
		switch r.Get("row") {
		case "node":
			sums["nodes"]++
			sums["hidden"] += Integer(r, "connections_hidden")
			perNode += Integer(r, "connection_count")
		case "connection":
			connectionRows++
			perConnection += Integer(r, "connection_count")
		case "tree":
			sums["nodes"] += Integer(r, "nodes")
			sums["hidden"] += Integer(r, "connections_hidden")
			perNode += Integer(r, "connection_count")
		}
	}
	if sums["nodes"] > 0 {
		sums["kept"], sums["connections"] = len(trees), perNode
	}
	if connectionRows > 0 {
		sums["connections"] = perConnection
	}
	return sums
}

// Integer is a column's value; anything but a number is -1, which no sum survives.
func Integer(r row.Row, column string) int {
	n, err := strconv.Atoi(r.Get(column))
	if err != nil {
		return -1
	}
	return n
}
