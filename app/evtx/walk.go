package evtx

import "fmt"

// Visitor is told of a record's elements in their order. Names and values are valid during
// the call.
type Visitor interface {
	// Open begins an element.
	Open(name []byte)
	// Attribute is one of the element that was opened last. An attribute that is made of
	// several parts has them as one text.
	Attribute(name []byte, v Value)
	// Value is a text or another value within the element; there may be several.
	Value(v Value)
	// Close ends the element that was opened last and is not closed.
	Close(name []byte)
}

// Walk calls v for what is in the record that Next went to. An optional attribute without a
// value is left out; a value that is binary XML is walked. On an error, which Warn is told
// of, too, elements may be left open.
func (d *Decoder) Walk(v Visitor) error {
	d.walk.visitor, d.walk.steps, d.values = v, 0, d.values[:0]
	err := d.fragment(&d.walk, d.record.at, d.record.end, 0)
	d.walk.visitor = nil
	return d.failed(err)
}

// walkOutput calls a visitor.
type walkOutput struct {
	visitor Visitor
	steps   int
	joined  []byte
}

// mostSteps bounds the calls for one record.
const mostSteps = 1 << 20

func (w *walkOutput) run(d *Decoder, p *program, values []stored, depth int) error {
	for i := 0; i < len(p.ops); i++ {
		if w.steps++; w.steps > mostSteps {
			return fmt.Errorf("%w: a record comes to more than %d steps", ErrLimit, mostSteps)
		}
		switch o := p.ops[i]; o.kind {
		case opOpen:
			w.visitor.Open(p.textOf(o))
		case opAttribute:
			i = w.attribute(d, p, i, values)
		case opClose:
			w.visitor.Close(p.textOf(o))
		case opText:
			w.visitor.Value(Value{kind: String, ready: true, data: p.textOf(o)})
		case opSubstitute:
			if err := w.substitute(d, storedFor(o, values), depth); err != nil {
				return err
			}
		case opInstance:
			if _, err := d.runInstance(w, int(o.at), len(d.chunk), depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// storedFor returns the value for a substitution; none for an index that there is none for.
func storedFor(o op, values []stored) stored {
	if int(o.index) < len(values) {
		return values[o.index]
	}
	return stored{}
}

func (w *walkOutput) substitute(d *Decoder, v stored, depth int) error {
	if v.kind == BinXML {
		return d.fragment(w, int(v.at), int(v.end), depth+1)
	}
	w.visitor.Value(d.value(v))
	return nil
}

// attribute tells of the attribute at a step and returns its last step.
func (w *walkOutput) attribute(d *Decoder, p *program, i int, values []stored) int {
	name, first := p.textOf(p.ops[i]), i+1
	for i+1 < len(p.ops) && (p.ops[i+1].kind == opText || p.ops[i+1].kind == opSubstitute) {
		i++
	}
	parts := p.ops[first : i+1]
	if len(parts) == 1 && parts[0].kind == opSubstitute {
		if v := storedFor(parts[0], values); !parts[0].optional || !v.isNull() {
			w.visitor.Attribute(name, d.value(v))
		}
		return i
	}
	w.joined = w.joined[:0]
	for _, part := range parts {
		if part.kind == opText {
			w.joined = append(w.joined, p.textOf(part)...)
			continue
		}
		w.joined = d.value(storedFor(part, values)).Append(w.joined)
	}
	w.visitor.Attribute(name, Value{kind: String, ready: true, data: w.joined})
	return i
}
