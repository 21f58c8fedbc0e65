package beacon

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// The first byte of packed contacts.
const (
	packedAll  = 'a' // all cells follow
	packedThin = 't' // span, sketch and windows follow
)

var errPacked = errors.New("packed contacts are damaged")

// appendTo packs s: differences of times and runs, most of them in three bytes and one.
func (s *sample) appendTo(dst []byte) []byte {
	if s.empty() {
		return dst
	}
	if s.thin == nil {
		return appendCells(append(dst, packedAll), s.cells, 0)
	}
	dst = binary.AppendVarint(append(dst, packedThin), s.first)
	dst = binary.AppendUvarint(dst, uint64(s.last-s.first))
	dst = append(dst, s.seen[:]...)
	for i, scale := range scales {
		dst = binary.AppendUvarint(dst, uint64(len(s.thin[i])))
		for _, w := range s.thin[i] {
			dst = append(binary.AppendVarint(dst, w.number), w.shift)
			dst = appendCells(dst, w.cells, w.number<<scale)
		}
	}
	return dst
}

// appendCells packs cells that lie after a tick. The lowest bit of the run's difference
// says whether a weight follows.
func appendCells(dst []byte, cells []cell, from int64) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(cells)))
	run := int64(0)
	for _, x := range cells {
		dst = binary.AppendVarint(dst, x.at-from)
		weighted := int64(0)
		if x.weight > 1 {
			weighted = 1
		}
		dst = binary.AppendVarint(dst, (int64(x.run)-run)<<1|weighted)
		if weighted == 1 {
			dst = binary.AppendUvarint(dst, uint64(x.weight))
		}
		from, run = x.at, int64(x.run)
	}
	return dst
}

// parseSample reads what appendTo wrote.
func parseSample(b []byte) (*sample, error) {
	s, p := &sample{}, &unpacker{rest: b}
	if len(b) == 0 {
		return s, nil
	}
	switch kind := p.byte(); kind {
	case packedAll:
		p.all(s)
	case packedThin:
		p.thin(s)
	default:
		return nil, fmt.Errorf("reading kind %q: %w", kind, errPacked)
	}
	if len(p.rest) > 0 {
		p.fail("%d bytes follow the end", len(p.rest))
	}
	return s, p.err
}

// unpacker reads from rest until the first thing that cannot be.
type unpacker struct {
	rest []byte
	err  error
}

func (p *unpacker) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("reading contacts: "+format+": %w", append(args, errPacked)...)
	}
	p.rest = nil
}

func (p *unpacker) byte() byte {
	if len(p.rest) == 0 {
		p.fail("they end early")
		return 0
	}
	b := p.rest[0]
	p.rest = p.rest[1:]
	return b
}

func (p *unpacker) varint() int64 {
	x, n := binary.Varint(p.rest)
	if n <= 0 {
		p.fail("a number is cut off or too large")
		return 0
	}
	p.rest = p.rest[n:]
	return x
}

// within reads a number from 0 to limit.
func (p *unpacker) within(limit uint64, what string) int {
	x, n := binary.Uvarint(p.rest)
	if n <= 0 || x > limit {
		p.fail("%s %d is not within 0 and %d", what, x, limit)
		return 0
	}
	p.rest = p.rest[n:]
	return int(x)
}

func (p *unpacker) all(s *sample) {
	s.cells = p.cells(0, exactCells)
	if n := len(s.cells); n > 0 {
		s.first, s.last = s.cells[0].at, s.cells[n-1].at
	} else {
		p.fail("there are none")
	}
}

func (p *unpacker) thin(s *sample) {
	s.thin, s.seen = new([len(scales)][]window), new(sketch)
	s.first = p.varint()
	s.last = s.first + int64(p.within(math.MaxInt64, "span"))
	for i := range s.seen {
		s.seen[i] = min(p.byte(), 57)
	}
	for i, scale := range scales {
		n := p.within(windows, "number of windows")
		for range n {
			s.thin[i] = append(s.thin[i], p.window(scale))
		}
	}
}

func (p *unpacker) window(scale uint8) window {
	w := window{number: p.varint(), shift: p.byte()}
	w.cells = p.cells(w.number<<scale, windowCells)
	if w.shift > scale || len(w.cells) == 0 {
		p.fail("window %d has %d cells of 2^%d ticks", w.number, len(w.cells), w.shift)
		return w
	}
	if first, last := w.cells[0].at, w.cells[len(w.cells)-1].at; first>>scale != w.number || last>>scale != w.number {
		p.fail("window %d has cells beyond its ends", w.number)
	}
	return w
}

// cells reads cells, whose times have to rise.
func (p *unpacker) cells(from int64, limit uint64) []cell {
	cells := make([]cell, 0, p.within(limit, "number of cells"))
	run := int64(0)
	for len(cells) < cap(cells) && p.err == nil {
		step, change := p.varint(), p.varint()
		x := cell{at: from + step, weight: 1}
		run += change >> 1
		if change&1 == 1 {
			x.weight = int32(p.within(math.MaxInt32, "weight"))
		}
		if (len(cells) > 0 && step <= 0) || run != int64(int32(run)) || x.weight < 1 {
			p.fail("time, run %d or weight %d of cell %d cannot be", run, x.weight, len(cells))
		}
		x.run = int32(run)
		cells, from = append(cells, x), x.at
	}
	return cells
}
