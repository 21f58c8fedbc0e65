package indicator

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// column is what a column of a CSV list holds.
type column uint8

const (
	ignored column = iota
	valueColumn
	typeColumn
	scoreColumn
	labelColumn
	sourceColumn
	columns // how many there are
)

// columnNames are the names that lists have for them, as plainName writes them.
var columnNames = map[string]column{
	"indicator": valueColumn, "value": valueColumn, "ioc": valueColumn, "iocvalue": valueColumn,
	"indicatorvalue": valueColumn, "observable": valueColumn,
	"type": typeColumn, "kind": typeColumn, "indicatortype": typeColumn, "ioctype": typeColumn, "observabletype": typeColumn,
	"score": scoreColumn, "confidence": scoreColumn, "confidencelevel": scoreColumn, "weight": scoreColumn,
	"label": labelColumn, "description": labelColumn, "comment": labelColumn, "threat": labelColumn,
	"name": labelColumn, "malware": labelColumn, "title": labelColumn,
	"source": sourceColumn, "feed": sourceColumn, "provider": sourceColumn, "list": sourceColumn,
}

// rows reads the rows of a CSV list. A row is a line.
type rows struct {
	list   *list
	comma  byte
	at     [columns]int // position of each column, -1 for none
	fields [][]byte
	memory []byte
}

// newRows reads a header. It is one when it names the column of the values; commas,
// semicolons and tabs may stand between names.
func newRows(l *list, header []byte) (*rows, bool) {
	for _, comma := range []byte(",;\t") {
		r := &rows{list: l, comma: comma}
		if err := r.split(header); err != nil {
			continue
		}
		for c := range r.at {
			r.at[c] = -1
		}
		for i, name := range slices.Backward(r.fields) { // of two such names the first
			r.at[columnNames[plainName(string(name))]] = i
		}
		if r.at[valueColumn] >= 0 {
			return r, true
		}
	}
	return nil, false
}

func (r *rows) line(line []byte) error {
	if err := r.split(line); err != nil {
		return err
	}
	value := string(r.field(valueColumn))
	if value == "" {
		return errors.New("the row has no indicator")
	}
	n, err := r.note()
	if err != nil {
		return err
	}
	name := string(r.field(typeColumn))
	kind, known := kinds[plainName(name)]
	if !known {
		r.list.report.leave("csv type", name)
		return nil
	}
	if kind != commandLine {
		value = refang(value)
	}
	return r.list.add(kind, value, n)
}

func (r *rows) note() (note, error) {
	n := note{score: r.list.options.Score, source: r.list.source, label: string(r.field(labelColumn))}
	if source := r.field(sourceColumn); len(source) > 0 {
		n.source = string(source)
	}
	if score := r.field(scoreColumn); len(score) > 0 {
		var err error
		if n.score, err = strconv.ParseFloat(string(score), 64); err != nil {
			return n, fmt.Errorf("score %s is no number", quoted(string(score)))
		}
	}
	return n, nil
}

func (r *rows) field(c column) []byte {
	if i := r.at[c]; i >= 0 && i < len(r.fields) {
		return bytes.TrimSpace(r.fields[i])
	}
	return nil
}

var errQuote = errors.New("a quote is not closed, or has text behind it")

// split cuts a line into fields, which stay until the next call. A field in quotes may
// hold commas, and a quote as two, and have blanks around it; other fields may hold
// quotes as they are.
func (r *rows) split(line []byte) error {
	r.fields, r.memory = r.fields[:0], r.memory[:0]
	for {
		field, rest, err := r.next(line)
		if err != nil {
			return err
		}
		r.fields = append(r.fields, field)
		if rest == nil {
			return nil
		}
		line = rest[1:]
	}
}

// next returns the first field of a line and what follows it: nil at the end of the
// line, else a text that begins with a comma.
func (r *rows) next(line []byte) (field, rest []byte, err error) {
	if inner := bytes.TrimLeft(line, " "); len(inner) > 0 && inner[0] == '"' {
		line = inner
	} else {
		if end := bytes.IndexByte(line, r.comma); end >= 0 {
			return line[:end], line[end:], nil
		}
		return line, nil, nil
	}
	start := len(r.memory)
	for line = line[1:]; ; {
		end := bytes.IndexByte(line, '"')
		if end < 0 {
			return nil, nil, errQuote
		}
		r.memory = append(r.memory, line[:end]...)
		if line = line[end+1:]; len(line) > 0 && line[0] == '"' {
			r.memory, line = append(r.memory, '"'), line[1:]
			continue
		}
		switch line = bytes.TrimLeft(line, " "); {
		case len(line) == 0:
			return r.memory[start:], nil, nil
		case line[0] == r.comma:
			return r.memory[start:], line, nil
		}
		return nil, nil, errQuote
	}
}
