package record

import "bytes"

// A sensor writes its events of one kind in one form: the same tags in the same order,
// with other values between them. A form is that text, learnt from an event that the
// scanner has read. An event that fits a form is read by comparing the text between
// its values, which is ten times faster than to look at its tags; whatever does not
// fit to the byte is left to the scanner.

// xmlForm is the text of a kind of events, in pieces: what stands before each value.
type xmlForm struct {
	pieces []xmlPiece
	layout Layout
}

// xmlPiece is a stretch of fixed text, the values in it that are always the same, and
// the value that follows it.
type xmlPiece struct {
	text  []byte
	fixed []xmlFixed
	slot  Slot // of the value that follows, NoSlot for one that nobody wants
	end   byte // what ends that value; 0 in the last piece, which no value follows
}

// xmlFixed is a value within a piece's text.
type xmlFixed struct {
	slot       Slot
	start, end int
}

// xmlMark is where the scanner found a value.
type xmlMark struct {
	start, end int
	slot       Slot
	fixed      bool
}

// xmlForms are the forms that a Record has met.
type xmlForms struct {
	forms []*xmlForm
	marks []xmlMark
	odd   bool // what is being scanned has more than tags and plain text
}

// mostForms is how many forms are kept: Sysmon has about thirty kinds of events, of
// which few are in one search. No more are learnt then, so that events that are all
// different cost little more than their scan.
const mostForms = 24

// read reads an event that fits a form. It reports false for any other, and leaves rec
// empty.
func (f *xmlForms) read(text []byte, rec *Record) bool {
	for i, form := range f.forms {
		if !form.read(text, rec) {
			continue
		}
		if i > 0 { // frequent ones come to the front
			f.forms[i], f.forms[i-1] = f.forms[i-1], form
		}
		return true
	}
	return false
}

func (f *xmlForm) read(text []byte, rec *Record) bool {
	if !bytes.HasPrefix(text, f.pieces[0].text) {
		return false
	}
	if f.fill(text, rec) {
		rec.layout = &f.layout
		return true
	}
	rec.Reset()
	return false
}

func (f *xmlForm) fill(text []byte, rec *Record) bool {
	for i := range f.pieces {
		p := &f.pieces[i]
		if !bytes.HasPrefix(text, p.text) {
			return false
		}
		for _, v := range p.fixed {
			rec.Set(v.slot, rec.unescaped(text[v.start:v.end:v.end]))
		}
		text = text[len(p.text):]
		if p.end == 0 {
			break
		}
		n := bytes.IndexByte(text, p.end)
		if n < 0 {
			return false
		}
		if p.slot >= 0 {
			rec.Set(p.slot, rec.unescaped(text[:n:n]))
		}
		text = text[n:]
	}
	return len(bytes.TrimLeft(text, xmlSpace)) == 0
}

// begin makes ready to learn from the next scan.
func (f *xmlForms) begin() {
	f.marks, f.odd = f.marks[:0], len(f.forms) >= mostForms
}

// mark notes a value that the scanner passes, in the order in which they stand.
func (s *xmlScanner) mark(value []byte, slot Slot, fixed bool) {
	if s.forms != nil && !s.forms.odd {
		start := cap(s.text) - cap(value) // value is a part of text
		s.forms.marks = append(s.forms.marks, xmlMark{start, start + len(value), slot, fixed})
	}
}

// notPlain says that the event has what no form can stand for.
func (s *xmlScanner) notPlain() {
	if s.forms != nil {
		s.forms.odd = true
	}
}

// learn makes a form of an event that was scanned without an error.
func (f *xmlForms) learn(text []byte) {
	if f.odd {
		return
	}
	form, at := &xmlForm{}, 0
	fixed := make([]xmlFixed, 0, len(f.marks))
	for _, m := range f.marks {
		if m.slot >= 0 {
			form.layout.Slots = append(form.layout.Slots, m.slot)
		}
		switch {
		case !m.fixed:
			form.pieces = append(form.pieces, xmlPiece{bytes.Clone(text[at:m.start]), fixed, m.slot, text[m.end]})
			at, fixed = m.end, fixed[len(fixed):]
		case m.slot >= 0:
			fixed = append(fixed, xmlFixed{m.slot, m.start - at, m.end - at})
		}
	}
	last := bytes.TrimRight(text[at:], xmlSpace)
	f.forms = append(f.forms, nil)
	copy(f.forms[1:], f.forms)
	f.forms[0] = form
	form.pieces = append(form.pieces, xmlPiece{text: bytes.Clone(last), fixed: fixed})
}
