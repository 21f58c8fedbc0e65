package record

import "bytes"

// IsListing reports whether text begins like an event that wevtutil lists as text.
func IsListing(text []byte) bool { return bytes.HasPrefix(text, []byte("Event[")) }

// listingNames are the names of a listing's lines that are the names of fields elsewhere.
// That of the account is not among them: it is the writer of the event.
var listingNames = map[string]string{
	"Log Name": "Channel", "Source": "SourceName", "Event ID": "EventID", "Computer": "Computer",
}

// DecodeListing reads an event as Windows' wevtutil lists it (qe /f:text): indented lines
// "Key: value", and behind Description: the message. It fills Channel, SourceName, EventID,
// Computer and Message, TimeCreated or, where the date has no zone, EventTime, and the
// message's fields under their own names.
func DecodeListing(text []byte, rec *Record) error {
	_, rest := cutLine(text)
	if !IsListing(text) || len(rest) == 0 {
		return unknownShape(text)
	}
	for len(rest) > 0 {
		var line []byte
		line, rest = cutLine(rest)
		key, value, found := bytes.Cut(line, []byte{':'})
		key, value = bytes.TrimSpace(key), bytes.TrimSpace(value)
		switch {
		case !found:
		case string(key) == "Description":
			rec.Set(rec.names.Slot("Message"), rest)
			DecodeMessage(rest, rec)
			return nil
		case string(key) == "Date" && bytes.HasSuffix(value, []byte("Z")):
			rec.Set(rec.names.Slot("TimeCreated"), value)
		case string(key) == "Date":
			rec.Set(rec.names.Slot("EventTime"), value)
		default:
			rec.Set(rec.names.Slot(listingNames[string(key)]), value)
		}
	}
	return nil
}
