package cloud

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Names under which findings are written.
const (
	FindingSource     = "schtaskhunt"
	FindingSourcetype = "schtaskhunt:finding"
	rowID             = "row_id" // finding_id is a column of its own: what one decision settles
)

// Finding is one row of a hunt, to be written back to Splunk.
type Finding struct {
	ID     string     // 32 hex digits, the same in every run
	Time   event.Time // of the row, event.NoTime if it has none
	Host   string     // the device
	Fields map[string]string
}

// identity are the columns that say what a row is about. Counts and times are none of
// them: they grow from run to run, and the finding stays the same.
var identity = []string{"row", "tree_id", "node_id", "remote_ip", "remote_port", "remote_host", "direction", "action"}

// Findings makes findings of rows, one each, without empty columns. Rows that are the
// same finding, which only how they were tied tells apart, become the first of them.
func Findings(columns []string, rows []row.Row) []Finding {
	findings := make([]Finding, 0, len(rows))
	seen := make(map[string]bool, len(rows))
	for _, r := range rows {
		f := Finding{ID: idOf(r), Host: r.Get("device"), Fields: make(map[string]string, len(columns)+1)}
		if seen[f.ID] {
			continue
		}
		seen[f.ID] = true
		f.Time, _ = event.ParseTime([]byte(r.Get("_time")))
		f.Fields[rowID] = f.ID
		for i, name := range columns {
			if i < len(r.Values) && r.Values[i] != "" {
				f.Fields[name] = r.Values[i]
			}
		}
		findings = append(findings, f)
	}
	return findings
}

// idOf hashes the identity, each part with its length, so that no two rows make the
// same text of different parts.
func idOf(r row.Row) string {
	var b strings.Builder
	for _, name := range identity {
		value := r.Get(name)
		b.WriteString(strconv.Itoa(len(value)) + ":" + value)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:16])
}

// isID reports whether a text is a finding's id.
func isID(text string) bool {
	raw, err := hex.DecodeString(text)
	return err == nil && len(raw) == 16
}
