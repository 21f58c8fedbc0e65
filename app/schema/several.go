package schema

import (
	"bytes"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// Exports write a field that has one value several times over as lines (Splunk's multivalue
// fields) or as a list (Elasticsearch's fields, what Python prints of one).

// takesLists has the transforms that are made for lists: in theirs, an item twice is two.
var takesLists = map[string]bool{"arguments": true, "list": true}

// isSeveral reports, at little cost, whether a value may be one value several times over.
func isSeveral(v []byte) bool {
	n := len(v)
	if n < 3 {
		return false
	}
	return v[0] == '[' && v[n-1] == ']' && (v[1] == '"' || v[1] == '\'' || v[1] >= '0' && v[1] <= '9') ||
		v[n/2] == '\n' || v[n/3] == '\n' || v[(n-1)/3] == '\n' // in the last, with CR before it
}

// single returns the value of a field that has it several times over, and v itself for any
// other: of two values that differ, none is the field's.
func single(v []byte) []byte {
	switch {
	case !isSeveral(v):
		return v
	case v[0] == '[' && v[len(v)-1] == ']':
		return onlyItem(v)
	}
	for times := 2; times <= mostTimes; times++ {
		for _, between := range lineEnds {
			if one, is := repeated(v, between, times); is {
				return one
			}
		}
	}
	return v
}

// mostTimes is how many times over a value is looked for on lines: in an export, an event's
// field is what its own text has, what was cut out of it when it was indexed, and an alias.
const mostTimes = 3

var lineEnds = [][]byte{{'\n'}, []byte("\r\n")}

// repeated returns the text that v is so many times over, with the same between them.
func repeated(v, between []byte, times int) (one []byte, is bool) {
	length := (len(v) - (times-1)*len(between)) / times
	if length < 1 || times*(length+len(between))-len(between) != len(v) {
		return nil, false
	}
	one = v[:length]
	for rest := v[length:]; len(rest) > 0; rest = rest[len(between)+length:] {
		if !bytes.HasPrefix(rest, between) || !bytes.Equal(rest[len(between):len(between)+length], one) {
			return nil, false
		}
	}
	return one, true
}

// onlyItem returns the item of a list whose items are all the same, and v for any other.
func onlyItem(v []byte) []byte {
	var texts []string
	if v[1] == '"' && json.Unmarshal(v, &texts) == nil && len(texts) > 0 {
		for _, t := range texts {
			if t != texts[0] {
				return v
			}
		}
		return []byte(texts[0])
	}
	inside := v[1 : len(v)-1]
	if v[1] == '\'' {
		return printed(v, inside)
	}
	first, _, _ := bytes.Cut(inside, []byte{','})
	for item := range bytes.SplitSeq(inside, []byte{','}) {
		if item = bytes.TrimSpace(item); len(item) == 0 || !bytes.Equal(item, first) || !isNumber(item) {
			return v
		}
	}
	return first
}

// printed returns the item of a list of one text as Python prints it.
func printed(v, inside []byte) []byte {
	text := inside[1 : len(inside)-1]
	if inside[len(inside)-1] != '\'' || bytes.IndexByte(text, '\'') >= 0 {
		return v
	}
	return appendSingle(nil, text)
}
