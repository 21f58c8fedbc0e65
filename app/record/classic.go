package record

import "bytes"

// DecodeClassic reads Splunk's classic rendering of a Windows event: a date line,
// key=value lines, and after Message= the lines "Key: value" of the message. It
// fills ClassicTime (the date line, verbatim: local time without a zone), Channel
// (from LogName), Computer (from ComputerName), Message, the other keys under
// their own name, and the message's keys under theirs.
//
// A message key wins over a header key of the same name, as the header's User is
// the writer of the event and the message's is its subject. The keys that say
// which event it is come from the header alone, whatever the message holds.
func DecodeClassic(text []byte, rec *Record) error {
	date, rest := cutLine(text)
	if !isClassic(text) {
		return unknownShape(text)
	}
	rec.Set(rec.names.Slot("ClassicTime"), bytes.TrimSpace(date))
	header, message := cutMessage(rest)
	classicHeader(header, rec, true)
	rec.Set(rec.names.Slot("Message"), message)
	DecodeMessage(message, rec)
	classicHeader(header, rec, false)
	return nil
}

// DecodeMessage reads only the lines "Key: value" of an event's message, for an
// event that lost its fields. Lines end in LF or CRLF; white space around a key
// and a value is dropped; lines without a colon, and keys without a value, are
// skipped.
//
// A message of Sysmon is read by the order in which the manifest has its fields, so that
// no line inside a command line is taken for a later field. Where that leaves several ways,
// Ways tells. In other messages a value that spans lines is read up to its first line
// end: nothing tells its next line from a new key.
func DecodeMessage(text []byte, rec *Record) { DecodeMessageWay(text, rec, 0) }

// DecodeMessageWay is DecodeMessage for one of the ways to read the message, from 0.
func DecodeMessageWay(text []byte, rec *Record, way int) {
	if form, rest := formOf(text); form != nil {
		if rec.message == nil {
			rec.message = new(messageReader)
		}
		rec.message.text, rec.message.form = rest, form
		rec.ways = rec.message.readMessage(rec, way)
		return
	}
	for len(text) > 0 {
		var line []byte
		line, text = cutLine(text)
		key, value, found := bytes.Cut(line, []byte{':'})
		if !found {
			continue
		}
		rec.Set(rec.names.SlotOf(bytes.TrimSpace(key)), bytes.TrimSpace(value))
	}
}

// classicHeader sets the fields of the key=value lines: the identifying ones, or
// all others.
func classicHeader(header []byte, rec *Record, identifying bool) {
	for len(header) > 0 {
		var line []byte
		line, header = cutLine(header)
		key, value, found := bytes.Cut(line, []byte{'='})
		if !found {
			continue
		}
		name, isIdentity := identityName(key)
		if isIdentity != identifying {
			continue
		}
		slot := rec.names.Slot(name)
		if !isIdentity {
			slot = rec.names.SlotOf(key)
		}
		rec.Set(slot, bytes.TrimSpace(value))
	}
}

// identityName gives the field name of a header key that says which event it is.
func identityName(key []byte) (name string, ok bool) {
	switch string(key) {
	case "LogName":
		return "Channel", true
	case "ComputerName":
		return "Computer", true
	case "EventCode":
		return "EventCode", true
	case "RecordNumber":
		return "RecordNumber", true
	case "SourceName":
		return "SourceName", true
	}
	return "", false
}

var (
	messageKey = []byte("Message=")
	logNameKey = []byte("LogName=")
)

// cutMessage parts the text at the line that begins with Message=.
func cutMessage(text []byte) (header, message []byte) {
	for at := 0; at < len(text); {
		if bytes.HasPrefix(text[at:], messageKey) {
			return text[:at], text[at+len(messageKey):]
		}
		line, _ := cutLine(text[at:])
		at += len(line) + 1
	}
	return text, nil
}

// longestDate bounds the date line of a classic event.
const longestDate = 64

// isClassic reports whether text begins with a line that begins with a digit, and
// then LogName=.
func isClassic(text []byte) bool {
	if len(text) == 0 || text[0] < '0' || text[0] > '9' {
		return false
	}
	end := bytes.IndexByte(text[:min(len(text), longestDate)], '\n')
	return end > 0 && bytes.HasPrefix(text[end+1:], logNameKey)
}

// cutLine parts text after its first line; the line has no LF but may end in CR.
func cutLine(text []byte) (line, rest []byte) {
	i := bytes.IndexByte(text, '\n')
	if i < 0 {
		return text, nil
	}
	return text[:i], text[i+1:]
}
