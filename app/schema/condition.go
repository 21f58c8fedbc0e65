package schema

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// predicates are the tests of a Condition by name. value is nil when the event has
// none of the condition's fields.
var predicates = map[string]func(value []byte, values []string) bool{
	"present": func(value []byte, _ []string) bool { return value != nil },
	"absent":  func(value []byte, _ []string) bool { return value == nil },
	"is":      isOneOf,
	"has":     hasOneOf,
	"log":     isLogOf,
}

func isOneOf(value []byte, values []string) bool {
	if n := len(value); n > 2 && value[n-1] == '0' && (value[n-2] == '.' || value[n-2] == ',') { // a data frame's number
		value = value[:n-2]
	}
	for _, v := range values {
		if v == string(value) || len(v) == len(value) && strings.EqualFold(v, string(value)) {
			return true
		}
	}
	return false
}

func hasOneOf(value []byte, values []string) bool {
	for _, v := range values {
		if containsFold(value, v) {
			return true
		}
	}
	return false
}

// isLogOf is hasOneOf for the name of a log of Windows: Sysmon for Linux writes
// Linux-Sysmon/Operational, with the same fields, and no Task Scheduler is there.
func isLogOf(value []byte, values []string) bool {
	return !hasPrefixFold(value, "linux-") && hasOneOf(value, values)
}

// containsFold looks for a lower-case ASCII needle in any letter case. Most places
// are ruled out by their first byte.
func containsFold(value []byte, needle string) bool {
	for i := 0; i+len(needle) <= len(value); i++ {
		if value[i]|0x20 == needle[0] && hasPrefixFold(value[i:], needle) {
			return true
		}
	}
	return false
}

func hasPrefixFold(v []byte, prefix string) bool {
	return len(v) >= len(prefix) && strings.EqualFold(string(v[:len(prefix)]), prefix)
}

// value returns the first of the test's fields that the event has, and its slot.
func (t *test) value(rec *record.Record) ([]byte, record.Slot) {
	for _, s := range t.slots {
		if v := single(rec.Get(s)); v != nil && !isAbsent(v) {
			return v, s
		}
	}
	return nil, record.NoSlot
}

// isAbsent reports whether a value is one of the notations for "no value": empty,
// a dash (Sysmon), the text null (Defender through Splunk's JSON extraction).
func isAbsent(v []byte) bool {
	switch len(v) {
	case 0:
		return true
	case 1:
		return v[0] == '-'
	case 4:
		return string(v) == "null"
	}
	return false
}
