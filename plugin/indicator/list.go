package indicator

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// maxLine is the longest line of a text list, in bytes.
const maxLine = 256 << 10

// list is one list while it is read.
type list struct {
	*Builder
	name   string // as messages have it
	source string // of entries that do not name theirs
}

// AddList reads a list, whatever its format: JSON by its first character, CSV by a
// header, else plain text. name is its file name; without folder and extension it is
// the source of entries that name none.
//
// What cannot be read costs itself only and is told in the Report. The error is one of
// reading r, or that there is too much.
func (b *Builder) AddList(name string, r io.Reader) error {
	base := filepath.Base(name)
	l := list{b, name, strings.TrimSuffix(base, filepath.Ext(base))}
	text, head, err := opened(r)
	if err != nil {
		return l.end(err, b.report.Entries)
	}
	if isWebPage(head) {
		b.report.warn("%s is a web page and no list: was it saved from an address that has changed?", name)
		return nil
	}
	before := b.report.Entries
	if beginsJSON(head) {
		err = l.readJSON(text)
	} else {
		err = l.readLines(text)
	}
	return l.end(err, before)
}

// end says what became of the list. One that is packed and broken costs what is behind
// the break.
func (l *list) end(err error, before int) error {
	switch {
	case errors.Is(err, errPacked), errors.Is(err, errUnpacked):
		l.report.warn("%s was not read to its end: %v", l.name, err)
	case err != nil:
		return fmt.Errorf("reading %s: %w", l.name, err)
	}
	if l.report.Entries == before {
		l.report.warn("nothing in %s could be used as an indicator", l.name)
	}
	return nil
}

func beginsJSON(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 || head[0] != '[' {
		return len(head) > 0 && head[0] == '{'
	}
	head = bytes.TrimLeft(head[1:], " \t\r\n")
	return len(head) == 0 || head[0] == '{' || head[0] == ']'
}

// readLines reads a text list: the first line that holds anything decides whether it
// is a CSV header.
func (l *list) readLines(r *bufio.Reader) error {
	read, began := l.plainLine, false
	return eachLine(r, func(number int, line []byte, tooLong bool) error {
		var err error
		switch line = bytes.TrimSpace(line); {
		case tooLong:
			err = fmt.Errorf("the line is longer than %d bytes", maxLine)
		case len(line) == 0 || line[0] == '#' || line[0] == ';':
		case !began:
			began = true
			if rows, isHeader := newRows(l, line); isHeader {
				read = rows.line
				return nil
			}
			err = read(line)
		default:
			err = read(line)
		}
		if errors.Is(err, errFull) {
			return err
		}
		if err != nil {
			l.report.bad(fmt.Sprintf("%s:%d", l.name, number), err)
		}
		return nil
	})
}

// plainLine reads an indicator, after which a comment may stand.
func (l *list) plainLine(line []byte) error {
	value := string(line)
	for _, mark := range []string{" #", "\t#", " ;", "\t;"} {
		value, _, _ = strings.Cut(value, mark)
	}
	return l.add(guessed, refang(strings.TrimSpace(value)), note{score: l.options.Score, source: l.source})
}

// eachLine calls fn with every line, valid during the call. Of a line that is too
// long it holds nothing.
func eachLine(r *bufio.Reader, fn func(number int, line []byte, tooLong bool) error) error {
	var long []byte
	for number := 1; ; number++ {
		line, err := r.ReadSlice('\n')
		tooLong := false
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long[:0], line...)
			for errors.Is(err, bufio.ErrBufferFull) {
				if line, err = r.ReadSlice('\n'); len(long) <= maxLine {
					long = append(long, line...)
				}
			}
			line, tooLong = long, len(long) > maxLine
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) > 0 {
			if tooLong {
				line = nil
			}
			if err := fn(number, line, tooLong); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}
