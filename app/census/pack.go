package census

import (
	"encoding/base64"
	"encoding/binary"
	"math"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
)

// packer packs numbers into a text of letters and digits, as variable-length integers in
// base64 (RFC 4648, section 5, without padding).
type packer struct{ bytes []byte }

func (p *packer) number(n uint64) { p.bytes = binary.AppendUvarint(p.bytes, n) }

func (p *packer) signed(n int64) { p.bytes = binary.AppendVarint(p.bytes, n) }

func (p *packer) text() string { return base64.RawURLEncoding.EncodeToString(p.bytes) }

// unpacker reads what a packer wrote. What comes from a file may be anything: after a
// number that cannot be, failed is set and all further numbers are 0.
type unpacker struct {
	bytes  []byte
	failed bool
}

func unpack(text string) *unpacker {
	bytes, err := base64.RawURLEncoding.DecodeString(text)
	return &unpacker{bytes, err != nil}
}

// number reads a number of at most most.
func (u *unpacker) number(most uint64) uint64 {
	n, size := binary.Uvarint(u.bytes)
	if u.failed || size <= 0 || n > most {
		u.failed = true
		return 0
	}
	u.bytes = u.bytes[size:]
	return n
}

func (u *unpacker) signed() int64 {
	n, size := binary.Varint(u.bytes)
	if u.failed || size <= 0 {
		u.failed = true
		return 0
	}
	u.bytes = u.bytes[size:]
	return n
}

// length reads how many things follow, each of at least a byte.
func (u *unpacker) length() int { return int(u.number(uint64(len(u.bytes)))) }

// done reports whether all was read and nothing was wrong.
func (u *unpacker) done() bool { return !u.failed && len(u.bytes) == 0 }

// Rounded is a verdict as a census tells it: bits and shares to the tenth and thousandth,
// seconds to the thousandth. Who judges both by own contacts and by a census rounds the
// former too.
func Rounded(v beacon.Verdict) beacon.Verdict {
	return beacon.Verdict{
		Bits: math.Round(v.Bits*10) / 10, Score: thousandth(v.Score), Period: thousandth(v.Period), Jitter: thousandth(v.Jitter), Count: v.Count,
		Kind: v.Kind, Known: v.Known,
	}
}

func thousandth(x float64) float64 { return math.Round(x*1000) / 1000 }

func (p *packer) verdict(v beacon.Verdict) {
	p.signed(int64(math.Round(v.Bits * 10)))
	p.number(uint64(math.Round(v.Score * 1000)))
	p.number(uint64(math.Round(v.Period * 1000)))
	p.number(uint64(math.Round(v.Jitter * 1000)))
	p.number(uint64(v.Count))
	known := uint64(0)
	if v.Known {
		known = 1
	}
	p.number(uint64(v.Kind)<<1 | known)
}

func (u *unpacker) verdict() (v beacon.Verdict) {
	v.Bits = float64(max(-10*beacon.MaxBits, min(u.signed(), 10*beacon.MaxBits))) / 10
	v.Score = float64(u.number(1000)) / 1000
	v.Period = float64(u.number(math.MaxInt32*1000)) / 1000
	v.Jitter = float64(u.number(math.MaxInt32)) / 1000
	v.Count = int(u.number(math.MaxInt32))
	kind := u.number(uint64(beacon.Clocked)<<1 | 1)
	v.Kind, v.Known = beacon.Kind(kind>>1), kind&1 != 0
	return v
}
