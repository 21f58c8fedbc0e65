package record

import "bytes"

// content reads up to the end tag of the element just opened, and sets slot to
// the element's own text: character data and CDATA, not that of its children. fixed
// says that it is the same in all events of a kind.
func (s *xmlScanner) content(slot Slot, fixed bool) error {
	i := bytes.IndexByte(s.text[s.pos:], '<')
	if i < 0 || s.pos+i+1 >= len(s.text) {
		return ErrTruncated
	}
	if s.text[s.pos+i+1] != '/' {
		s.notPlain()
		return s.mixedContent(slot)
	}
	value := s.text[s.pos : s.pos+i]
	s.pos += i
	if _, err := s.endTag(); err != nil {
		return err
	}
	s.mark(value, slot, fixed)
	if slot >= 0 {
		s.rec.Set(slot, s.rec.unescaped(value))
	}
	return nil
}

// mixedContent is content for the rare element that holds more than plain text.
// The value is put together in the record's scratch memory.
func (s *xmlScanner) mixedContent(slot Slot) error {
	start := len(s.rec.scratch)
	for depth := 1; depth > 0; {
		i := bytes.IndexByte(s.text[s.pos:], '<')
		if i < 0 {
			return ErrTruncated
		}
		if depth == 1 && slot >= 0 {
			s.rec.scratch = Unescape(s.rec.scratch, s.text[s.pos:s.pos+i])
		}
		s.pos += i
		if isMarkup(s.text[s.pos:]) {
			if err := s.keepMarkup(depth == 1 && slot >= 0); err != nil {
				return err
			}
			continue
		}
		t, err := s.next()
		if err != nil {
			return err
		}
		depth += levelChange(t.kind)
	}
	s.rec.Set(slot, s.rec.kept(start))
	return nil
}

func levelChange(k tagKind) int {
	switch k {
	case openTag:
		return 1
	case closeTag:
		return -1
	}
	return 0
}

// isMarkup reports whether text begins with what is neither a tag nor text: a
// comment, CDATA, a declaration, an instruction.
func isMarkup(text []byte) bool {
	return len(text) > 1 && text[0] == '<' && (text[1] == '!' || text[1] == '?')
}

var (
	cdataStart   = []byte("<![CDATA[")
	cdataEnd     = []byte("]]>")
	commentStart = []byte("<!--")
	commentEnd   = []byte("-->")
	piStart      = []byte("<?")
	piEnd        = []byte("?>")
	tagEnd       = []byte(">")
)

func (s *xmlScanner) skipMarkup() error { return s.keepMarkup(false) }

// keepMarkup moves past a comment, CDATA, declaration or instruction; keep takes
// the text of CDATA, which has no entities, into the scratch memory.
func (s *xmlScanner) keepMarkup(keep bool) error {
	rest := s.text[s.pos:]
	begin, end, isText := tagEnd, tagEnd, false
	switch {
	case bytes.HasPrefix(rest, cdataStart):
		begin, end, isText = cdataStart, cdataEnd, true
	case bytes.HasPrefix(rest, commentStart):
		begin, end = commentStart, commentEnd
	case bytes.HasPrefix(rest, piStart):
		begin, end = piStart, piEnd
	}
	n := bytes.Index(rest[len(begin):], end)
	if n < 0 {
		return ErrTruncated
	}
	if keep && isText {
		s.rec.scratch = append(s.rec.scratch, rest[len(begin):len(begin)+n]...)
	}
	s.pos += len(begin) + n + len(end)
	return nil
}
