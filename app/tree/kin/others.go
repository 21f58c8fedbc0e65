package kin

import (
	"encoding/binary"
	"math/bits"
)

// others is what programs start that are not the scheduler: a filter of fixed size, which may
// take a command for one of them that is none, and never the other way round. So a full one
// makes fewer hosts known, and none wrongly. Each witness has its own until all are judged: one
// that several wrote to would go from core to core, line by line.
type others struct{ words [words]uint64 }

// words are a MB: with a million commands in it, one in twenty is taken for another.
const words = 1 << 17

// line is how many words a line of a core's cache has. Both bits of a command are in one: a MB is
// more than is at hand, and to fetch a line is most of what it takes to look one up.
const line = 8

func places(what uint64) (a, b uint64) {
	begin := what % (words / line) * (64 * line)
	return begin + what>>32%(64*line), begin + what>>48%(64*line)
}

func (o *others) add(what uint64) {
	a, b := places(what)
	o.words[a/64] |= 1 << (a % 64)
	o.words[b/64] |= 1 << (b % 64)
}

func (o *others) has(what uint64) bool {
	a, b := places(what)
	return o.words[a/64]>>(a%64)&1 == 1 && o.words[b/64]>>(b%64)&1 == 1
}

// merge adds what another filter has.
func (o *others) merge(other *others) {
	for i, word := range &other.words {
		o.words[i] |= word
	}
}

// Hash hashes a command line, without regard to the case of ASCII letters; 0 for none. It is
// the same in every run, so that a result does not depend on chance.
func Hash(command []byte) uint64 {
	if len(command) == 0 {
		return 0
	}
	hash := mix(uint64(len(command)))
	for ; len(command) >= 8; command = command[8:] {
		hash = mix(hash ^ lower(binary.LittleEndian.Uint64(command)))
	}
	var rest [8]byte
	copy(rest[:], command)
	return max(1, mix(mix(hash^lower(binary.LittleEndian.Uint64(rest[:])))))
}

func mix(x uint64) uint64 {
	hi, lo := bits.Mul64(x^0xA0761D6478BD642F, 0xE7037ED1A0B428DB)
	return hi ^ lo
}

// lower makes the ASCII letters among eight bytes lower case.
func lower(x uint64) uint64 {
	const each = 0x0101010101010101
	low := x & (0x7F * each)
	upper := (low + (0x80-'A')*each) ^ (low + (0x7F-'Z')*each)
	return x | (^x&(0x80*each)&upper)>>2
}
