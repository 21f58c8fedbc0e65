package record

import (
	"bytes"
	"errors"
	"slices"
	"strings"
)

// Collectors, exporters and queues put an event into something of their own: an object
// around it, or a text in one of their fields. What is known of these envelopes is here,
// by the names under which they keep the event.

// mostEnvelopes is how many envelopes one event may be in, one in the other.
const mostEnvelopes = 8

var errEnvelopes = errors.New("more than 8 texts are wrapped into each other, at most 8 are opened")

// deepestEnvelope is how far below the top of an object an envelope is looked for:
// {"event":{"original":"<Event>"}} is at 2.
const deepestEnvelope = 4

// isEnvelope reports whether an object under this key may be an event with nothing to
// its name: Elasticsearch's hits, Splunk's export and its HTTP collector, Graph's rows,
// osquery's results. The key counts for nothing where names below it are known by
// themselves, as are ECS's event.code and Wazuh's data.win.
func isEnvelope(key []byte) bool {
	switch string(key) {
	case "_source", "result", "event", "AdditionalProperties", "additionalProperties", "columns", "data", "body", "record",
		"message", "payload", "log", "json", "row", "doc", "properties", "fields", "line", "value", "Event", "attributes",
		"_raw", "@message", "Message", "raw", "original", "content", "object", "document", "jsonPayload", "Events":
		return true
	}
	return false
}

// role is what the text of a field is good for.
type role uint8

const (
	plainText role = iota
	dataText       // an event's own data as XML or JSON
	eventText      // a whole event
)

// shortestText is the length from which on a text may hold an event: a process id alone
// has as much around it.
const shortestText = 40

// roleOf tells what a JSON string, not yet made plain, may be. Only fields that are made
// for it count: a command line may look like anything, for its writer may be anyone.
func roleOf(key, raw []byte) role {
	if len(raw) == 0 {
		return plainText
	}
	begins := raw[0] == '<' || raw[0] == '{' || raw[0] == ' ' || raw[0] == '\\' || raw[0] == utf8BOM[0]
	switch {
	case isDataText(key) && beginsXMLEvent(raw):
		return eventText
	case begins && isDataText(key):
		return dataText
	case len(raw) < shortestText || !begins && !beginsLogLine(raw):
		return plainText
	case isEventText(key):
		return eventText
	}
	return plainText
}

// isDataText reports whether a field may hold an event's data as a text: Sentinel's
// EventData, promtail's event_data, EvtxECmd's Payload, osquery's data.
func isDataText(key []byte) bool {
	switch string(key) {
	case "EventData", "event_data", "Payload", "data", "System":
		return true
	}
	return false
}

// eventTexts are the fields that may hold an event as a text: those that hold nothing else
// come first.
var eventTexts = []string{
	"_raw", "original", "event.original", "raw", "raw_event", "RawEventData", "xml", "Xml", "EventXML", "EventXml", "event_xml", "xml_string",
	"@rawstring", "full_log", "raw_message", "Raw", "RawEvent",
	"_source", "@message", "full_message", "line", "Line", "log", "record", "payload", "event", "Event", "message", "Message", "msg", "body", "text",
	"content", "stringValue", "value", "doc", "document", "json", "result", "row", "fields",
}

var isEventTextKey = func() map[string]bool {
	is := make(map[string]bool, len(eventTexts))
	for _, name := range eventTexts {
		is[name] = true
	}
	return is
}()

// isEventText reports whether a field may hold an event as a text.
func isEventText(key []byte) bool { return isEventTextKey[string(key)] }

// textColumn returns which of a table's columns may hold whole events as text, by the last
// part of its name; -1 for none. Of several it is the one that holds nothing else.
func textColumn(columns []string) int {
	best, at := len(eventTexts), -1
	for i, column := range columns {
		name := column[strings.LastIndexByte(column, '.')+1:]
		if rank := slices.Index(eventTexts, name); rank >= 0 && rank < best {
			best, at = rank, i
		}
	}
	return at
}

// months are how the lines of older system logs begin (RFC 3164).
const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

// beginsLogLine reports whether a text begins like a line of a log: with a priority, a
// number or a month.
func beginsLogLine(text []byte) bool {
	if len(text) < 4 {
		return false
	}
	c := text[0]
	return c >= '0' && c <= '9' || c == '<' && text[1] >= '0' && text[1] <= '9' ||
		text[3] == ' ' && c >= 'A' && c <= 'S' && bytes.Contains([]byte(months), text[:3])
}

// longestHeader bounds what a log line has before the event in it, in bytes.
const longestHeader = 1 << 10

// EventIn returns the event in a text that a collector carries: the text itself where it
// begins as an event does, or what follows the header of a log's line. It is nil where
// no event begins; the result is a part of text.
func EventIn(text []byte) []byte {
	text = bytes.TrimLeft(bytes.TrimPrefix(text, utf8BOM), " \t\r\n")
	switch {
	case beginsXMLEvent(text), BeginsObject(text), isClassic(text):
		return text
	case !beginsLogLine(text):
		return nil
	}
	line, _ := cutLine(text[:min(len(text), longestHeader)])
	for i, c := range line {
		if rest := text[i:]; c == '<' && beginsXMLEvent(rest) || c == '{' && BeginsObject(rest) {
			return rest
		}
	}
	return nil
}

// beginsXMLEvent reports whether text begins with <Event> or a declaration before one.
func beginsXMLEvent(text []byte) bool {
	if bytes.HasPrefix(text, []byte("<?xml")) {
		return bytes.Contains(text, []byte("<Event"))
	}
	return bytes.HasPrefix(text, []byte("<Event>")) || bytes.HasPrefix(text, []byte("<Event ")) || bytes.HasPrefix(text, []byte("<Event\n"))
}

// BeginsObject reports whether text begins with a JSON object that has a key: a GUID in
// braces does not.
func BeginsObject(text []byte) bool {
	if len(text) == 0 || text[0] != '{' {
		return false
	}
	after := bytes.TrimLeft(text[1:], " \t\r\n")
	return len(after) > 0 && after[0] == '"'
}
