package record

import (
	"bytes"
	"errors"
)

const xmlSpace = " \t\r\n"

type tagKind uint8

const (
	openTag  tagKind = iota // <a>
	emptyTag                // <a/>
	closeTag                // </a>
)

// tag is a tag without its attributes; name is the local name, without a prefix.
type tag struct {
	name []byte
	kind tagKind
}

type attribute struct{ name, value []byte }

// maxAttributes is how many attributes of one tag are remembered. The elements of
// a Windows event have three at most, besides namespace declarations.
const maxAttributes = 8

// xmlScanner walks the tags of one text. It builds no tree and keeps no stack:
// it counts levels, and takes any end tag for the one that is due.
type xmlScanner struct {
	text  []byte
	pos   int
	rec   *Record
	attrs [maxAttributes]attribute
	n     int
	forms *xmlForms // to learn from the scan, nil for no learning
}

var errTag = errors.New("malformed tag")

// next moves past the next tag and returns it; the text before it is dropped.
func (s *xmlScanner) next() (tag, error) {
	for {
		i := bytes.IndexByte(s.text[s.pos:], '<')
		if i < 0 || s.pos+i+1 >= len(s.text) {
			return tag{}, ErrTruncated
		}
		s.pos += i
		switch s.text[s.pos+1] {
		case '!', '?':
			if err := s.skipMarkup(); err != nil {
				return tag{}, err
			}
		case '/':
			return s.endTag()
		default:
			return s.startTag()
		}
	}
}

func (s *xmlScanner) endTag() (tag, error) {
	i := bytes.IndexByte(s.text[s.pos:], '>')
	if i < 0 {
		return tag{}, ErrTruncated
	}
	s.pos += i + 1
	return tag{kind: closeTag}, nil
}

func (s *xmlScanner) startTag() (tag, error) {
	if t, ok := s.plainData(); ok {
		return t, nil
	}
	s.n = 0
	s.pos++
	t := tag{name: localName(s.word())}
	for {
		s.space()
		if s.pos >= len(s.text) {
			return t, ErrTruncated
		}
		switch s.text[s.pos] {
		case '>':
			s.pos++
			return t, nil
		case '/':
			return s.emptyEnd(t)
		}
		if err := s.readAttribute(); err != nil {
			return t, err
		}
	}
}

var dataStart = []byte("<Data Name=")

// plainData is startTag for <Data Name='X'> in the one spelling that Windows
// writes: two tags of three in a Sysmon event are this one.
func (s *xmlScanner) plainData() (tag, bool) {
	rest := s.text[s.pos:]
	if len(rest) <= len(dataStart) || !bytes.HasPrefix(rest, dataStart) {
		return tag{}, false
	}
	quote, value := rest[len(dataStart)], rest[len(dataStart)+1:]
	if quote != '\'' && quote != '"' {
		return tag{}, false
	}
	end := bytes.IndexByte(value, quote)
	if end < 0 || end+1 >= len(value) || value[end+1] != '>' {
		return tag{}, false
	}
	s.attrs[0] = attribute{name: dataStart[len("<Data ") : len(dataStart)-1], value: value[:end]}
	s.n = 1
	s.pos += len(dataStart) + end + len("''>")
	return tag{name: rest[len("<"):len("<Data")]}, true
}

func (s *xmlScanner) emptyEnd(t tag) (tag, error) {
	s.pos++
	if s.pos >= len(s.text) {
		return t, ErrTruncated
	}
	if s.text[s.pos] != '>' {
		return t, errTag
	}
	s.pos++
	t.kind = emptyTag
	return t, nil
}

// readAttribute reads name = 'value' or name = "value".
func (s *xmlScanner) readAttribute() error {
	name := s.word()
	s.space()
	if s.pos >= len(s.text) {
		return ErrTruncated
	}
	if len(name) == 0 || s.text[s.pos] != '=' {
		return errTag
	}
	s.pos++
	s.space()
	if s.pos >= len(s.text) {
		return ErrTruncated
	}
	quote := s.text[s.pos]
	if quote != '\'' && quote != '"' {
		return errTag
	}
	s.pos++
	end := bytes.IndexByte(s.text[s.pos:], quote)
	if end < 0 {
		return ErrTruncated
	}
	if s.n < maxAttributes {
		s.attrs[s.n] = attribute{localName(name), s.text[s.pos : s.pos+end]}
		s.n++
	}
	s.pos += end + 1
	return nil
}

// attributes are those of the last start tag, values still escaped.
func (s *xmlScanner) attributes() []attribute { return s.attrs[:s.n] }

func (s *xmlScanner) attribute(name string) []byte {
	for i := range s.attributes() {
		if string(s.attrs[i].name) == name {
			return s.attrs[i].value
		}
	}
	return nil
}

// word reads a name: everything up to white space, =, / or >.
func (s *xmlScanner) word() []byte {
	start := s.pos
	for ; s.pos < len(s.text); s.pos++ {
		switch s.text[s.pos] {
		case ' ', '\t', '\r', '\n', '=', '/', '>':
			return s.text[start:s.pos]
		}
	}
	return s.text[start:]
}

func (s *xmlScanner) space() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return
		}
	}
}

// localName cuts a namespace prefix.
func localName(name []byte) []byte {
	i := bytes.IndexByte(name, ':')
	if i <= 0 || i == len(name)-1 || bytes.IndexByte(name[i+1:], ':') >= 0 {
		return name
	}
	return name[i+1:]
}
