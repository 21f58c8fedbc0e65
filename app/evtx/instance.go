package evtx

// instance is a template with values for its holes.
type instance struct {
	definition uint32 // where the template is
	count      int    // of the values
	values     int    // where their descriptions are
	data       int    // where their bytes are
	next       int    // the place behind the instance
}

const (
	instanceHead   = 9  // a number, the template's id u32, the definition's place u32
	definitionHead = 24 // the next definition's place u32, a GUID, the body's size u32
	descriptor     = 4  // of a value: its size u16, its type u8, a number
)

// instance reads an instance whose token is before at. The definition lies in it where the
// template is used first.
func (d *Decoder) instance(at, end int) (in instance, err error) {
	if in.next = end; at+instanceHead > end {
		return in, damaged(at, "an instance is cut off")
	}
	in.definition = le.Uint32(d.chunk[at+5:])
	at += instanceHead
	if int(in.definition) == at {
		if at+definitionHead > end {
			return in, damaged(at, "a template is cut off")
		}
		size := uint64(le.Uint32(d.chunk[at+20:]))
		if size > uint64(end-at-definitionHead) {
			return in, damaged(at, "a template of %d bytes where %d are left", size, end-at-definitionHead)
		}
		at += definitionHead + int(size)
	}
	return in, d.instanceValues(&in, at, end)
}

func (d *Decoder) instanceValues(in *instance, at, end int) error {
	if at+4 > end {
		return damaged(at, "the count of values is cut off")
	}
	count := le.Uint32(d.chunk[at:])
	if at += 4; count > mostValues || int(count)*descriptor > end-at {
		return damaged(at, "%d values where %d bytes are left", count, end-at)
	}
	in.count, in.values, in.data = int(count), at, at+int(count)*descriptor
	next := in.data
	for i := range in.count {
		next += int(le.Uint16(d.chunk[in.values+descriptor*i:]))
	}
	if in.next = min(next, end); next > end {
		return damaged(at, "the values take %d bytes where %d are left", next-in.data, end-in.data)
	}
	return nil
}

// pushValues appends an instance's values to those of the instances it lies in.
func (d *Decoder) pushValues(in instance) []stored {
	from, at := len(d.values), in.data
	descriptors := d.chunk[in.values:in.data]
	for ; len(descriptors) >= descriptor; descriptors = descriptors[descriptor:] {
		next := at + int(le.Uint16(descriptors))
		d.values = append(d.values, stored{at: int32(at), end: int32(next), kind: Type(descriptors[2])})
		at = next
	}
	return d.values[from:]
}

// stored is a value by its place in the chunk.
type stored struct {
	at, end int32
	kind    Type
}

func (s stored) isNull() bool { return s.kind == Null || s.at == s.end }

func (d *Decoder) value(s stored) Value {
	return Value{kind: s.kind, data: d.chunk[s.at:s.end:s.end]}
}

func (d *Decoder) popValues(values []stored) { d.values = d.values[:len(d.values)-len(values)] }

// template returns the program of the template at a place; a damaged one is read once, too.
func (d *Decoder) template(definition uint32) *program {
	if p, known := d.templates[definition]; known {
		return p
	}
	p := d.newProgram()
	d.templates[definition] = p
	at := uint64(definition) + definitionHead
	if at > uint64(len(d.chunk)) {
		p.err = damaged(int(definition), "a template lies outside of the chunk of %d bytes", len(d.chunk))
		return p
	}
	size := uint64(le.Uint32(d.chunk[at-4:]))
	end := min(at+size, uint64(len(d.chunk)))
	_, p.err = d.compile(p, int(at), int(end), true)
	return p
}

func (d *Decoder) newProgram() *program {
	if n := len(d.spare); n > 0 {
		p := d.spare[n-1]
		d.spare = d.spare[:n-1]
		p.reset()
		return p
	}
	return new(program)
}

// A decoder keeps the memory of as many programs as chunks of several kinds of events have,
// and of none that a damaged chunk made large.
const (
	mostSpare    = 64
	largestSpare = 64 << 10 // bytes of its texts
)

func (d *Decoder) spareProgram(p *program) {
	if len(d.spare) < mostSpare && cap(p.xml)+cap(p.text) <= largestSpare {
		d.spare = append(d.spare, p)
	}
}

// output is what a fragment's programs are run for.
type output interface {
	run(d *Decoder, p *program, values []stored, depth int) error
}

// fragment runs the instances and elements of a stretch of binary XML.
func (d *Decoder) fragment(out output, at, end, depth int) error {
	for at < end {
		if err := d.spend(stepCost); err != nil {
			return err
		}
		var err error
		switch token := d.chunk[at]; token &^ tokenMore {
		case tokenEnd:
			return nil
		case tokenFragment:
			at += fragmentHeader
		case tokenInstance:
			at, err = d.runInstance(out, at, end, depth)
		case tokenOpen:
			at, err = d.runElement(out, at, end, depth)
		default:
			err = damaged(at, "token %#02x where an element should begin", token)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// runInstance runs the instance whose token is at a place.
func (d *Decoder) runInstance(out output, at, end, depth int) (next int, err error) {
	if depth > deepest {
		return at, damaged(at, "more than %d templates within each other", deepest)
	}
	in, err := d.instance(at+1, end)
	if err == nil {
		err = d.spend(in.count * stepCost)
	}
	if err != nil {
		return in.next, err
	}
	p, values := d.template(in.definition), d.pushValues(in)
	if err = out.run(d, p, values, depth); err == nil {
		err = p.err
	}
	d.popValues(values)
	return in.next, err
}

// runElement runs an element that is in no template.
func (d *Decoder) runElement(out output, at, end, depth int) (next int, err error) {
	if depth > deepest {
		return at, damaged(at, "more than %d elements without a template within each other", deepest)
	}
	p := d.newProgram()
	next, p.err = d.compile(p, at, end, false)
	if err = out.run(d, p, nil, depth); err == nil {
		err = p.err
	}
	d.spareProgram(p)
	return next, err
}
