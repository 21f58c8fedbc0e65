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
	d.xml.dst, d.xml.start, d.xml.paid, d.values = dst, len(dst), len(dst), d.values[:0]
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
	paid  int // up to where the text was paid for
}

func (x *xmlOutput) run(d *Decoder, p *program, values []stored, depth int) (err error) {
	dst, ready := x.dst, p.xml
	for i := range p.pieces {
		pc := &p.pieces[i]
		dst = append(dst, ready[pc.from:pc.to]...)
		if pc.hole == noHole {
			continue
		}
		if dst, err = x.fill(dst, d, p, pc, values, depth); err == nil && len(dst)-x.start > recordRoom {
			err = fmt.Errorf("%w: a record comes to more than %d MiB of text", ErrLimit, recordRoom>>20)
		}
		if err != nil {
			_ = x.pay(dst, d, i)
			return err
		}
	}
	return x.pay(dst, d, len(p.pieces))
}

// pay spends what was not paid yet of the text, and some pieces of a program.
func (x *xmlOutput) pay(dst []byte, d *Decoder, pieces int) error {
	unpaid := len(dst) - x.paid
	x.dst, x.paid = dst, len(dst)
	return d.spend(unpaid + pieces*stepCost)
}

// fill appends what belongs into a piece's hole.
func (x *xmlOutput) fill(dst []byte, d *Decoder, p *program, pc *piece, values []stored, depth int) ([]byte, error) {
	if pc.hole == instanceHole {
		x.dst = dst
		_, err := d.runInstance(x, int(pc.at), len(d.chunk), depth+1)
		return x.dst, err
	}
	var v stored
	if int(pc.index) < len(values) {
		v = values[pc.index]
	}
	switch {
	case pc.hole == attributeHole:
		if pc.optional && v.isNull() {
			return dst, nil
		}
		dst = append(append(append(dst, ' '), p.text[pc.name[0]:pc.name[1]]...), "='"...)
		return append(d.value(v).append(dst, &inAttribute), '\''), nil
	case pc.hole == partHole:
		return d.value(v).append(dst, &inAttribute), nil
	case v.kind == BinXML:
		x.dst = dst
		err := d.fragment(x, int(v.at), int(v.end), depth+1)
		return x.dst, err
	case v.kind&ArrayOf != 0 && pc.again[1] > pc.again[0]:
		return x.items(dst, d.value(v), p.xml[pc.again[0]:pc.again[1]]), nil
	}
	return d.value(v).append(dst, &inText), nil
}

// items appends the items of an array with what stands between them, up to the limit of a
// record.
func (x *xmlOutput) items(dst []byte, v Value, between []byte) []byte {
	first := true
	v.Items(func(item Value) bool {
		if !first {
			dst = append(dst, between...)
		}
		first = false
		dst = item.append(dst, &inText)
		return len(dst)-x.start <= recordRoom
	})
	return dst
}
