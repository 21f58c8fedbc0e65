package definition

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// The most that is read of one definition. Windows itself allows 32 actions and 48
// triggers (MS-TSCH, 2.5); real definitions have some 4 kB.
const (
	MostBytes    = 256 << 10
	mostDepth    = 32
	mostActions  = 32
	mostTriggers = 48
	mostText     = 32 << 10 // bytes of one value
)

// Errors of Parse. Neither says anything about the task's intent.
var (
	ErrNoTask   = errors.New("there is no <Task> in the text")
	ErrDoctype  = errors.New("a document type is declared, which no task has: it is not read")
	errTooDeep  = fmt.Errorf("elements are nested too deep, at most %d levels are read", mostDepth)
	errBroken   = errors.New("the text ends within a tag, or a tag is none")
	errEntities = errors.New("it is escaped more than twice")
)

// Parse reads a definition from XML or JSON. Text that was escaped once more on its way
// (NXLog) is made plain first; a prolog that says UTF-16 of a text that no longer is has no
// say. On an error t has what was read before it. t.Cut says that a limit was reached.
func Parse(text []byte) (t Task, err error) {
	b := builder{task: &t}
	if len(text) > MostBytes {
		text, t.Cut = text[:MostBytes], true
	}
	if text, err = plain(text); err != nil {
		return t, err
	}
	switch {
	case len(text) > 0 && (text[0] == '{' || text[0] == '"'):
		err = b.json(text)
	default:
		err = b.xml(text)
	}
	b.finish()
	if err == nil && !b.seen {
		err = ErrNoTask
	}
	return t, err
}

// plain returns the text without what surrounds it: a mark of the encoding, white space
// and one or two more layers of escaping than XML has.
func plain(text []byte) ([]byte, error) {
	text = utf8Text(text)
	for range 3 {
		text = bytes.TrimLeft(text, "\ufeff \t\r\n")
		if !bytes.HasPrefix(text, []byte("&lt;")) && !bytes.HasPrefix(text, []byte("&amp;lt;")) {
			return text, nil
		}
		text = record.Unescape(make([]byte, 0, len(text)), text)
	}
	return nil, errEntities
}

// xml walks the tags. It keeps no tree: the builder has a place of fixed depth.
func (b *builder) xml(text []byte) error {
	for {
		at := bytes.IndexByte(text, '<')
		if at < 0 {
			b.task.Cut = b.task.Cut || len(b.path) > 0 // the end came early
			return nil
		}
		b.text(text[:at])
		rest, err := b.markup(text[at:])
		if err != nil {
			return err
		}
		text = rest
	}
}

// markup takes what begins with "<", and returns what follows it.
func (b *builder) markup(text []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(text, []byte("<!--")):
		return after(text, "-->")
	case bytes.HasPrefix(text, []byte("<![CDATA[")):
		rest, err := after(text, "]]>")
		if err == nil {
			b.literal(text[len("<![CDATA[") : len(text)-len(rest)-len("]]>")])
		}
		return rest, err
	case bytes.HasPrefix(text, []byte("<!")):
		return nil, ErrDoctype
	case bytes.HasPrefix(text, []byte("<?")):
		return after(text, "?>")
	case bytes.HasPrefix(text, []byte("</")):
		b.leave()
		return after(text, ">")
	}
	return b.open(text)
}

// open takes a start tag or an empty one.
func (b *builder) open(text []byte) ([]byte, error) {
	end := tagEnd(text)
	if end < 0 {
		return nil, errBroken
	}
	tag := text[1:end]
	empty := bytes.HasSuffix(tag, []byte("/"))
	name := bytes.TrimRight(tag, "/")
	if i := bytes.IndexAny(name, " \t\r\n"); i >= 0 {
		name = name[:i]
	}
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	if err := b.enter(name); err != nil {
		return nil, err
	}
	if empty {
		b.leave()
	}
	return text[end+1:], nil
}

// tagEnd returns where the tag ends, which is not within quotes; -1 where it does not.
func tagEnd(text []byte) int {
	quote := byte(0)
	for i, c := range text {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

func after(text []byte, mark string) ([]byte, error) {
	i := bytes.Index(text, []byte(mark))
	if i < 0 {
		return nil, errBroken
	}
	return text[i+len(mark):], nil
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
