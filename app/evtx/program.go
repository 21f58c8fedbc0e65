package evtx

// A template, and any other stretch of binary XML, is read once into a program: a list of
// steps for a Visitor, and pieces of ready XML with holes for values. A record is then
// little more than copies of pieces.

// opKind is what a step does.
type opKind uint8

const (
	opOpen       opKind = iota // an element begins: text is its name
	opAttribute                // an attribute begins: text is its name
	opContent                  // the element's start tag ends
	opClose                    // the element ends
	opText                     // text
	opSubstitute               // the value of an index
	opInstance                 // an instance of a template lies at a place
)

// op is a step.
type op struct {
	kind     opKind
	optional bool   // of a substitution: a null leaves the attribute out
	empty    bool   // of a close: the element has no content and no end tag
	index    uint16 // of a substitution
	from, to int32  // of the program's text
	at       int32  // in the chunk, of an instance
}

// program is what a stretch of binary XML reads as.
type program struct {
	err    error // why it ends early
	ops    []op
	text   []byte // that ops point into
	pieces []piece
	xml    []byte // that pieces point into
}

func (p *program) reset() {
	*p = program{ops: p.ops[:0], text: p.text[:0], pieces: p.pieces[:0], xml: p.xml[:0]}
}

func (p *program) textOf(o op) []byte { return p.text[o.from:o.to] }

// hole is what follows the ready XML of a piece.
type hole uint8

const (
	noHole        hole = iota
	contentHole        // a value in an element
	attributeHole      // a value that is all of an attribute
	partHole           // a value that is a part of an attribute
	instanceHole       // an instance of a template
)

// piece is ready XML and the hole behind it.
type piece struct {
	hole     hole
	optional bool
	index    uint16
	from, to int32    // the ready XML
	name     [2]int32 // of ops' text, of an attribute
	again    [2]int32 // of xml: what stands between the items of an array; empty for a comma
	at       int32
}

// fuse makes the pieces of the steps.
func (p *program) fuse(d *Decoder) error {
	f := fuser{program: p}
	for f.i < len(p.ops) {
		before := len(p.xml)
		f.step(p.ops[f.i])
		f.i++
		if err := d.spend(len(p.xml) - before + stepCost); err != nil {
			return err
		}
	}
	f.piece(piece{hole: noHole})
	return nil
}

// stepCost is what a step counts as, in bytes of a chunk's room.
const stepCost = 8

// fuser walks the steps of a program.
type fuser struct {
	*program
	i           int
	inAttribute bool
	begun       int // where the ready XML of the piece begins that is being made
	constant    int // where the ready XML of the element's start tag begins; -1 when it has holes
}

func (f *fuser) piece(p piece) {
	p.from, p.to = int32(f.begun), int32(len(f.xml))
	f.pieces, f.begun = append(f.pieces, p), len(f.xml)
}

func (f *fuser) step(o op) {
	switch o.kind {
	case opOpen:
		f.constant = len(f.xml)
		f.xml = append(append(f.xml, '<'), f.textOf(o)...)
	case opAttribute:
		f.attribute(o)
	case opContent:
		f.endAttribute()
		f.xml = append(f.xml, '>')
	case opClose:
		f.endAttribute()
		f.close(o)
	case opText:
		f.xml = appendUTF8(f.xml, f.textOf(o), f.escapes())
	case opSubstitute:
		f.substitute(o)
	case opInstance:
		f.piece(piece{hole: instanceHole, at: o.at})
	}
}

func (f *fuser) escapes() *escapes {
	if f.inAttribute {
		return &inAttribute
	}
	return &inText
}

func (f *fuser) endAttribute() {
	if f.inAttribute {
		f.xml = append(f.xml, '\'')
	}
	f.inAttribute = false
}

func (f *fuser) close(o op) {
	if o.empty {
		f.xml = append(f.xml, "/>"...)
		return
	}
	f.xml = append(append(append(f.xml, "</"...), f.textOf(o)...), '>')
}

// attribute begins an attribute. One that is a value and nothing else is all in its piece.
func (f *fuser) attribute(o op) {
	f.endAttribute()
	if f.isAlone() {
		value := f.ops[f.i+1]
		f.piece(piece{hole: attributeHole, optional: value.optional, index: value.index, name: [2]int32{o.from, o.to}})
		f.constant = -1
		f.i++
		return
	}
	f.xml = append(append(append(f.xml, ' '), f.textOf(o)...), "='"...)
	f.inAttribute = true
}

// isAlone reports whether the step is followed by a value, and that by none of its like.
func (f *fuser) isAlone() bool {
	if f.i+1 >= len(f.ops) || f.ops[f.i+1].kind != opSubstitute {
		return false
	}
	return f.i+2 >= len(f.ops) || f.ops[f.i+2].kind != opSubstitute && f.ops[f.i+2].kind != opText
}

// substitute leaves a hole. An array that is all of an element makes that element again
// for each of its items.
func (f *fuser) substitute(o op) {
	p := piece{hole: contentHole, optional: o.optional, index: o.index}
	if f.inAttribute {
		p.hole, f.constant = partHole, -1
	}
	begins := f.i > 0 && f.ops[f.i-1].kind == opContent
	if begins && f.constant >= 0 && f.i+1 < len(f.ops) && f.ops[f.i+1].kind == opClose {
		start := f.constant
		end := len(f.xml)
		f.piece(p)
		// What stands between the items lies behind the ready XML, and is in no piece's.
		f.close(f.ops[f.i+1])
		f.xml = append(f.xml, f.xml[start:end]...)
		f.pieces[len(f.pieces)-1].again = [2]int32{int32(end), int32(len(f.xml))}
		f.begun = len(f.xml)
		return
	}
	f.piece(p)
}
