package evtx

import (
	"bytes"
	"fmt"
)

// AppendXML appends the record that Next went to as Windows words it in XML: one element
// Event, in UTF-8, without a line break of its own. Texts are escaped, so that no value can
// be taken for a tag. An array that is all of an element gives one such element for each of
// its items. On an error, which Warn is told of, too, what was read before it is appended:
// an event without its end.
func (d *Decoder) AppendXML(dst []byte) ([]byte, error) {
	d.xml.dst, d.xml.start, d.values = dst, len(dst), d.values[:0]
	err := d.fragment(&d.xml, d.record.at, d.record.end, 0)
	dst, d.xml.dst = d.xml.dst, nil
	return dst, d.failed(err)
}

// AppendLine is AppendXML with a line break behind it and none in it: those within texts
// are written as &#10;.
func (d *Decoder) AppendLine(dst []byte) ([]byte, error) {
	start := len(dst)
	dst, err := d.AppendXML(dst)
	if bytes.IndexByte(dst[start:], '\n') >= 0 {
		dst = append(dst[:start], bytes.ReplaceAll(dst[start:], []byte{'\n'}, []byte("&#10;"))...)
	}
	return append(dst, '\n'), err
}

// xmlOutput appends XML.
type xmlOutput struct {
	dst   []byte
	start int // where the record begins
}

func (x *xmlOutput) run(d *Decoder, p *program, values []Value, depth int) error {
	for i := range p.pieces {
		before := len(x.dst)
		pc := &p.pieces[i]
		x.dst = append(x.dst, p.xml[pc.from:pc.to]...)
		if err := x.fill(d, p, pc, values, depth); err != nil {
			return err
		}
		if pc.hole == instanceHole {
			continue // its pieces were paid for
		}
		if err := x.pay(d, len(x.dst)-before); err != nil {
			return err
		}
	}
	return nil
}

func (x *xmlOutput) pay(d *Decoder, n int) error {
	if len(x.dst)-x.start > recordRoom {
		return fmt.Errorf("%w: a record comes to more than %d MiB of text", ErrLimit, recordRoom>>20)
	}
	return d.spend(n + stepCost)
}

// fill appends what belongs into a piece's hole.
func (x *xmlOutput) fill(d *Decoder, p *program, pc *piece, values []Value, depth int) error {
	switch pc.hole {
	case noHole:
		return nil
	case instanceHole:
		_, err := d.runInstance(x, int(pc.at), len(d.chunk), depth+1)
		return err
	}
	if int(pc.index) >= len(values) {
		if pc.hole == attributeHole && !pc.optional {
			x.attribute(p, pc, Value{})
		}
		return nil
	}
	v := values[pc.index]
	switch {
	case pc.hole == attributeHole:
		if !pc.optional || !v.IsNull() {
			x.attribute(p, pc, v)
		}
	case pc.hole == partHole:
		x.dst = v.append(x.dst, &inAttribute)
	case v.kind == BinXML:
		return d.fragment(x, v.at, v.at+len(v.data), depth+1)
	case v.IsArray() && pc.again[1] > pc.again[0]:
		return x.items(d, v, p.xml[pc.again[0]:pc.again[1]])
	default:
		x.dst = v.append(x.dst, &inText)
	}
	return nil
}

func (x *xmlOutput) attribute(p *program, pc *piece, v Value) {
	x.dst = append(append(append(x.dst, ' '), p.text[pc.name[0]:pc.name[1]]...), "='"...)
	x.dst = append(v.append(x.dst, &inAttribute), '\'')
}

// items appends the items of an array with what stands between them.
func (x *xmlOutput) items(d *Decoder, v Value, between []byte) (err error) {
	first := true
	v.Items(func(item Value) bool {
		if !first {
			x.dst = append(x.dst, between...)
			err = x.pay(d, len(between))
		}
		first = false
		x.dst = item.append(x.dst, &inText)
		return err == nil
	})
	return err
}
