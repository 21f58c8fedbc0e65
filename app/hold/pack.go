package hold

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// What a ref has, as its first byte says.
const (
	hasID = 1 << iota
	hasTextID
	isUnique
	hasPID
	hasCreated
	hasName
	hasPath
	hasCommand
)

// isRival is beside the style of an id.
const isRival = 0x80

// packer writes the fields of one event; unpacker reads them in the same order.
type packer struct {
	w    *Writer
	page *openPage
	out  []byte
}

func (k *packer) uint(n uint64) { k.out = binary.AppendUvarint(k.out, n) }

// time writes a time as its distance from another. The distance of any two fits, as
// it may wrap around.
func (k *packer) time(t, from event.Time) {
	k.uint(zigzag(int64(uint64(t) - uint64(from))))
}

// How a text is written: none, in full, or its number in the dictionary.
const (
	noText = iota
	fullText
	hexText // a digest: two digits a byte
	firstNumber
)

// rareText is from how many bytes on a text is not looked up at first sight: it is a
// command line, most likely, and most of these come once.
const rareText = 48

// text writes a text in full the first time that the writer sees it, unless it is a
// known one. From the second time on it has a number.
func (k *packer) text(y event.Sym) {
	if y == event.NoSym {
		k.out = append(k.out, noText)
		return
	}
	number := k.number(y)
	if number == 0 {
		k.full(k.w.symbols.Bytes(y))
		return
	}
	k.uint(uint64(number) + firstNumber - 1)
}

// number returns the number of a text that has one, or is to have one from now on, and 0
// for another.
func (k *packer) number(y event.Sym) (number uint32) {
	known := k.w.know(y)
	if known&seenNow == 0 {
		k.w.learn(y, seenOnce|seenNow)
	}
	if number = known.number(); number != 0 {
		return number
	}
	if known&seenOnce != 0 {
		number = k.w.dict.admit(k.w.symbols, y)
	} else if len(k.w.symbols.Bytes(y)) < rareText {
		number = k.w.dict.number(k.w.symbols, y)
	}
	if number != 0 {
		k.w.learn(y, withNumber(number))
	}
	return number
}

// full writes a text as it is. A digest, of which no two bytes are alike and which no
// compression makes smaller, goes by its value.
func (k *packer) full(text []byte) {
	if isDigest(text) {
		k.uint(hexText)
		k.uint(uint64(len(text) / 2))
		for i := 0; i < len(text); i += 2 {
			k.out = append(k.out, nibble(text[i])<<4|nibble(text[i+1]))
		}
		return
	}
	k.uint(fullText)
	k.uint(uint64(len(text)))
	k.out = append(k.out, text...)
}

// isDigest reports whether a text is an MD5, SHA-1 or SHA-256 in lower-case digits.
func isDigest(text []byte) bool {
	if n := len(text); n != 32 && n != 40 && n != 64 {
		return false
	}
	for _, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func nibble(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

// source writes the device, by the symbol that it is known by, and the name to show if it
// is another.
func (k *packer) source(s *event.Source, device event.Sym) {
	k.text(device)
	if device != s.DeviceName {
		k.text(s.DeviceName)
	}
	k.pair(zigzag(int64(uint64(s.Time)-uint64(k.page.last))), s.Record)
}

// pair writes two numbers in as few bytes as they need, 0 to 8, and before them how many
// these are. Both are written as 8 bytes, the second where the first one ends: no branch
// depends on how large they are.
func (k *packer) pair(a, b uint64) {
	n, m := (bits.Len64(a)+7)/8, (bits.Len64(b)+7)/8
	at := len(k.out) + 1
	k.out = append(slices.Grow(k.out, mostOfPair), byte(n|m<<4))[:at+2*8]
	binary.LittleEndian.PutUint64(k.out[at:], a)
	binary.LittleEndian.PutUint64(k.out[at+n:], b)
	k.out = k.out[:at+n+m]
}

// mostOfPair is how much a pair takes at most, in bytes.
const mostOfPair = 1 + 2*8

// id writes in what an id differs from the last one of the page: Sysmon's ids of one
// machine begin alike, and end in a counter. What changes least goes to the front.
func (k *packer) id(id event.ID) {
	k.pair(id.Hi^k.page.id.Hi, bits.RotateLeft64(id.Lo^k.page.id.Lo, 16))
	k.page.id = id
}

func (k *packer) process(p *event.Process) {
	k.ref(&p.Self, p.Time)
	k.ref(&p.Parent, p.Self.Created)
	k.ref(&p.Grandparent, p.Parent.Created)
	k.text(p.User)
	k.text(p.Hash)
	k.uint(p.Logon)
}

func (k *packer) ref(r *event.Ref, near event.Time) {
	has := bit(!r.ID.IsZero(), hasID) | bit(r.Unique, isUnique) | bit(r.PID != 0, hasPID) | bit(r.Created != event.NoTime, hasCreated) |
		bit(r.Name != event.NoSym, hasName) | bit(r.Path != event.NoSym, hasPath) | bit(r.Command != event.NoSym, hasCommand)
	text, isText := r.ID.Text()
	k.out = append(k.out, has|bit(isText, hasTextID))
	switch {
	case isText:
		k.text(text)
	case has&hasID != 0:
		k.id(r.ID)
	}
	if has&hasID != 0 {
		k.out = append(k.out, byte(r.Style)|bit(r.Rival, isRival))
	}
	if has&hasPID != 0 {
		k.uint(uint64(r.PID))
	}
	if has&hasCreated != 0 {
		k.time(r.Created, near)
	}
	for _, y := range [...]event.Sym{r.Name, r.Path, r.Command} {
		if y != event.NoSym {
			k.text(y)
		}
	}
}

// What a connection has, as its first byte says, beside its direction.
const (
	directions = 3
	isLookup   = 1 << (iota + 1)
	hasParent
	hasRemote
	hasLocal
	hasWeight
)

// connectionTexts is how many texts a connection may have.
const connectionTexts = 7

// textsOf returns a connection's texts, in the order in which they are packed: a byte says
// which are there.
func textsOf(c *event.Connection) [connectionTexts]*event.Sym {
	return [...]*event.Sym{&c.User, &c.Hash, &c.Host, &c.URL, &c.Transport, &c.Action, &c.Answers}
}

func (k *packer) connection(c *event.Connection) {
	remote, local := c.RemotePort != 0 || !c.Remote.IsZero(), c.LocalPort != 0 || !c.Local.IsZero()
	has := byte(c.Direction) | bit(c.Lookup, isLookup) | bit(c.Parent != (event.Ref{}), hasParent) | bit(remote, hasRemote) |
		bit(local, hasLocal) | bit(c.Weight != 1, hasWeight)
	texts, there := textsOf(c), byte(0)
	for i, y := range texts {
		there |= bit(*y != event.NoSym, 1<<i)
	}
	k.out = append(k.out, has, there)
	k.time(c.Stamp, c.Time)
	k.ref(&c.Self, c.Time)
	if has&hasParent != 0 {
		k.ref(&c.Parent, c.Self.Created)
	}
	if remote {
		k.endpoint(c.Remote, c.RemotePort)
	}
	if local {
		k.endpoint(c.Local, c.LocalPort)
	}
	for ; there != 0; there &= there - 1 {
		k.text(*texts[bits.TrailingZeros8(there)])
	}
	if has&hasWeight != 0 {
		k.uint(uint64(c.Weight))
	}
}

func (k *packer) endpoint(a event.Address, port uint16) {
	hi, lo, family := a.Words()
	k.out = append(k.out, family, byte(port), byte(port>>8))
	switch family {
	case 0:
	case 4:
		k.out = binary.LittleEndian.AppendUint32(k.out, uint32(lo)) // above stands ::ffff
	default:
		k.out = binary.LittleEndian.AppendUint64(k.out, hi)
		k.out = binary.LittleEndian.AppendUint64(k.out, lo)
	}
}

func bit(holds bool, b byte) byte {
	if holds {
		return b
	}
	return 0
}
