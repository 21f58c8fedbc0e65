package spl

import (
	"strconv"
	"strings"
)

// Row is one result: the values of each field. A field that is not there, or has no
// values, is null.
type Row map[string][]string

// Value is what an expression gives: null, a truth, or texts of which each may be a
// number. Splunk's fields have no types: what looks like a number is one.
type Value struct {
	texts []string
	truth bool
	is    kind
}

type kind uint8

const (
	null kind = iota
	text
	truth
)

// textOf is a single text.
func textOf(s string) Value { return Value{is: text, texts: []string{s}} }

// manyOf is several texts; none is null.
func manyOf(texts []string) Value {
	if len(texts) == 0 {
		return Value{}
	}
	return Value{is: text, texts: texts}
}

func numberOf(f float64) Value { return textOf(strconv.FormatFloat(f, 'f', -1, 64)) }

func truthOf(b bool) Value { return Value{is: truth, truth: b} }

// number is the value as a number.
func (v Value) number() (float64, bool) {
	if v.is != text || len(v.texts) != 1 {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(v.texts[0]), 64)
	return f, err == nil
}

// string is the value as one text: several values stand on lines of their own.
func (v Value) string() string { return strings.Join(v.texts, "\n") }

// holds tells whether a condition is met: null is not.
func (v Value) holds() bool { return v.is == truth && v.truth }

// compare orders two texts: as numbers if both are, else letter by letter.
func compare(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX != nil || errY != nil:
		return strings.Compare(a, b)
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
