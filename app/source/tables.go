package source

import (
	"bytes"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// tables are the columns of the tables of a JSON answer: those of Log Analytics, of
// Kusto's REST interface in both versions, of Loki, whose rows are a time and a line, and of
// CloudWatch Logs Insights, whose rows are lists of names and values.
type tables struct {
	now   []string // the columns of the rows that come next
	aside bool     // the table tells of the query, and not what it found
	named bool     // each row has the names of its columns itself
	byID  map[string][]string
}

// mostTables bounds the columns that are remembered for frames to come.
const mostTables = 64

// isFrame reports whether an object is a frame of Kusto's second version: those that hold
// no rows hold no events.
func isFrame(object []byte) bool {
	rest := bytes.TrimLeft(object[1:], space)
	return bytes.HasPrefix(rest, []byte(`"FrameType"`))
}

// enter takes the columns for the rows at which a scan ended.
func (t *tables) enter(s *jsonScan) {
	before := s.data[:s.pos]
	t.named = s.found == pairs
	kind := stringAfter(before, `"TableKind"`)
	t.aside = kind != "" && kind != "PrimaryResult"
	switch {
	case s.columns.end > 0:
		t.header(s)
		t.aside = t.aside || isAside(t.now)
	case bytes.Equal(s.str.of(s.data), []byte("values")):
		t.now = lokiColumns
	default:
		t.now = t.byID[numberAfter(before, `"TableId"`)]
	}
}

// lokiColumns name what Loki has for each line of a stream.
var lokiColumns = []string{"timestamp", "line", "attributes"}

// header takes the columns of a table whose rows come now or in a later frame.
func (t *tables) header(s *jsonScan) {
	if s.columns.end <= 0 {
		return
	}
	columns, err := record.JSONColumns(s.columns.of(s.data))
	if err != nil {
		columns = nil // each row will be counted as one that cannot be read
	}
	t.now = columns
	if id := numberAfter(s.data[:s.pos], `"TableId"`); id != "" && len(t.byID) < mostTables {
		if t.byID == nil {
			t.byID = make(map[string][]string)
		}
		t.byID[id] = columns
	}
}

// isAside reports whether a table without a kind tells of the query: Kusto's first version
// sends the properties of the answer, its status and a table of contents.
func isAside(columns []string) bool {
	has := func(names ...string) bool {
		for _, n := range names {
			if !slices.Contains(columns, n) {
				return false
			}
		}
		return true
	}
	return len(columns) == 1 && has("Value") || has("SeverityName", "StatusDescription") || has("Ordinal", "Kind", "PrettyName")
}

// stringAfter returns the string that a key has for its value, "" for none.
func stringAfter(text []byte, key string) string {
	_, after, found := bytes.Cut(text, []byte(key))
	if !found {
		return ""
	}
	after = bytes.TrimLeft(after, space+":")
	if len(after) == 0 || after[0] != '"' {
		return ""
	}
	value, _, _ := bytes.Cut(after[1:], []byte(`"`))
	return string(value)
}

// numberAfter returns the number that a key has for its value, "" for none.
func numberAfter(text []byte, key string) string {
	_, after, found := bytes.Cut(text, []byte(key))
	if !found {
		return ""
	}
	after = bytes.TrimLeft(after, space+":")
	n := 0
	for n < len(after) && after[n] >= '0' && after[n] <= '9' {
		n++
	}
	return string(after[:n])
}
