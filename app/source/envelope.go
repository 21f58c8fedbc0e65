package source

import (
	"bytes"
	"slices"
)

// What APIs and exports put around events is cut away as it comes: {"records":[...]} is
// read element by element, however long the list is. The cutter only knows the names
// under which lists of events stand, and keeps the brackets that are open around it.

// list is a kind of list of events.
type list uint8

const (
	noList  list = iota
	objects      // of events
	rows         // of a table: lists of values whose columns stand before it
	pairs        // of lists of names and values: CloudWatch Logs Insights
)

// mostAround bounds the brackets of envelopes that are open at a time. Real ones have
// eight at most (OpenTelemetry); an event deeper than that is taken with what is around it.
const mostAround = 16

// ListKeys are the keys under which a list of events may stand: in the answers of Defender
// and Graph, Event Hub's records, Splunk's results, Elasticsearch's hits, Kusto's tables
// and rows, Loki's streams, OpenTelemetry's logs.
var ListKeys = []string{
	"records", "Records", "result", "Result", "results", "Results", "value", "Value", "values", "hits", "events", "Events", "event",
	"rows", "Rows", "tables", "Tables", "streams", "items", "Items", "entries", "logs", "documents", "docs", "data", "affected_items",
	"resourceLogs", "scopeLogs", "logRecords", "instrumentationLibraryLogs", "responses", "PrimaryResult",
	"messages", "logEvents", "Logs", "Entries", "Documents", "content", "list", "snapshot", "added", "Event",
}

// insightsKey is where CloudWatch Logs Insights has its rows.
const insightsKey = "results"

func isListKey(key []byte) bool { return slices.Contains(ListKeys, string(key)) }

// isAroundKey reports whether an object under this key may be a part of an envelope.
func isAroundKey(key []byte) bool {
	switch string(key) {
	case "hits", "data", "Data", "body", "response", "result", "results", "payload", "output", "rawResponse", "diffResults", "Contents", "Events":
		return true
	}
	return false
}

// enters looks at a bracket that was just opened: yes, it is that of a list of events, and
// pos is behind it; unsure, data is too short to say.
func (s *jsonScan) enters(c byte) verdict {
	if len(s.levels) != s.envelope+1 {
		return no
	}
	key, isKey := s.str.of(s.data), s.last == ':'
	switch {
	case !isKey:
		return no
	case c == '{':
		if isAroundKey(key) {
			s.envelope++
		}
		return no
	case string(key) == "columns" || string(key) == "Columns" || string(key) == "fields":
		s.columns = span{s.pos, -1}
		return no
	case !isListKey(key):
		return no
	}
	return s.entersList(key)
}

func (s *jsonScan) entersList(key []byte) verdict {
	after := s.data[s.pos+1:]
	n := leadingSpace(after)
	switch {
	case n == len(after), after[n] == '"' && len(after)-n < longestQuote && !bytes.ContainsAny(after[n+1:], `"`):
		return unsure
	case s.base+len(s.levels) > mostAround:
		s.deep = s.deep || after[n] == '{'
		return no
	case after[n] == '{', quotesEvent(after[n:]):
		s.found = objects
	case after[n] == '[' && (bytes.HasSuffix(bytes.ToLower(key), []byte("ows")) || string(key) == "values" || s.columns.end > 0):
		s.found = rows
	case after[n] == '[' && string(key) == insightsKey:
		s.found = pairs
	default:
		return no
	}
	s.pos++
	return yes
}

// enter goes into the list at which a scan ended.
func (c *cutter) enter(s *jsonScan) {
	c.json, c.due = true, true
	c.around = append(c.around[:s.base], s.levels...)
	if s.found == rows || s.found == pairs {
		c.rows = len(c.around)
		c.tables.enter(s)
	}
}

// leave closes the innermost list.
func (c *cutter) leave() {
	c.around = c.around[:len(c.around)-1]
	c.rows = min(c.rows, len(c.around))
	c.due = false
}

// cutInside cuts within an envelope: between its parts, or an element of its list.
func (c *cutter) cutInside(data []byte, eof bool) part {
	first, last := data[0], len(c.around)-1
	switch {
	case c.around[last] == '{':
		return c.cutAround(data, eof)
	case first == ']':
		c.leave()
		return part{length: 1}
	case first == ',' && !c.due:
		c.due = true
		return part{length: 1}
	case !c.due:
	case first == '{':
		return c.element(c.cutJSON, data, eof)
	case first == '"' && !eof && len(data) < longestQuote:
		return needMore
	case quotesEvent(data):
		return c.element(c.cutQuoted, data, eof)
	case first == '[' && c.rows == len(c.around):
		return c.element(c.cutRow, data, eof)
	case first == '[':
		c.around = append(c.around, '[')
		return part{length: 1}
	}
	c.around, c.rows = c.around[:0], 0 // the envelope is broken here, or cut
	return c.cutOutside(data, eof)
}

// element cuts an element of a list with cut. It may be an envelope itself, whose list is
// then the innermost.
func (c *cutter) element(cut func(data []byte, eof bool) part, data []byte, eof bool) part {
	before := len(c.around)
	p := cut(data, eof)
	if !p.more && len(c.around) == before {
		c.due = false
	}
	return p
}

// cutAround moves on in what an envelope has behind a list: to its end, or to a further
// list.
func (c *cutter) cutAround(data []byte, eof bool) part {
	s := jsonScan{data: data, levels: append(c.levels[:0], c.around...), floor: len(c.around) - 1, envelope: len(c.around), last: ']'}
	found := s.scan()
	c.levels = s.levels
	switch {
	case found == yes && s.found != noList:
		c.enter(&s)
		return part{length: s.pos}
	case found == yes:
		c.around, c.due = append(c.around[:0], s.levels...), false
		return part{length: s.pos}
	case found == unsure && !eof:
		return needMore
	}
	p := part{length: s.suspect, event: true}
	if s.suspect == 0 {
		p = brokenAt(data, s.pos, eof)
	}
	if !p.more {
		c.around, c.rows = c.around[:0], 0
	}
	return p
}

// cutRow cuts a row of a table.
func (c *cutter) cutRow(data []byte, eof bool) part {
	s := jsonScan{data: data, levels: c.levels[:0], envelope: -1}
	found := s.scan()
	c.levels = s.levels
	switch {
	case found == yes:
		return part{length: s.pos, event: !c.tables.aside, row: !c.tables.named}
	case found == unsure && !eof:
		return needMore
	}
	p := brokenAt(data, s.pos, eof)
	p.row = !p.more && !c.tables.named
	return p
}
