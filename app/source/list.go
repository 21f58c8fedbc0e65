package source

import (
	"bytes"
	"errors"
	"io"
)

// List returns the text of a list that a person keeps as a table: an allow-list, a census,
// results that were marked. It may be compressed and in UTF-16, and parted by whatever a
// spreadsheet parts columns by: the text is UTF-8 without a byte order mark, with commas.
// Closing it closes the file too.
func List(name string, file io.ReadCloser) (io.ReadCloser, error) {
	text, _, closeText, err := open(name, file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	head, _ := text.Peek(headSize) // an error comes back at the first read
	if d, is := listDialect(head); is {
		return listFile{withCommas(text, d), closeText, file}, nil
	}
	return listFile{text, closeText, file}, nil
}

// listDialect is dialectOf for a list, which may have remarks above its header and no more
// than two columns. Two names with a sign between are no sentence only where they are words
// of letters, and so is no pattern taken for two.
func listDialect(head []byte) (d dialect, is bool) {
	if d, is = dialectOf(head); is {
		return d, true
	}
	names := head
	for len(names) > 0 && (bytes.HasPrefix(bytes.TrimLeft(names, space), []byte("#")) || len(bytes.TrimSpace(firstLine(names))) == 0) {
		names = names[len(firstLine(names)):]
	}
	for _, sign := range []byte(otherSigns) {
		if columnsIn(names, sign) > 1 {
			return dialect{sign: sign}, true
		}
	}
	return dialect{}, false
}

// firstLine returns the first line of a text with its end.
func firstLine(text []byte) []byte {
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		return text[:end+1]
	}
	return text
}

type listFile struct {
	io.Reader
	closeText func()
	file      io.Closer
}

// Close implements io.Closer.
func (l listFile) Close() error {
	l.closeText()
	return l.file.Close()
}
