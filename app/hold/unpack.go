package hold

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/bits"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
)

var errBroken = errors.New("a page of packed events is broken")

// unpacker reads the events of one page into a store.
type unpacker struct {
	in     []byte
	pos    int // what is before it has been read
	part   *Part
	store  *event.Store // the part's
	known  *numbered
	hasher sieve.Hasher
	hashes []uint64   // of the writer's devices
	last   RowKeys    // of the page
	timed  event.Time // of its last row that has a time
	near   event.ID   // the last one
	noted  event.Sym  // the device last noted
	end    [mostRow]byte
	hex    []byte
	err    error

	exchange bool         // day and month are to be exchanged where they are unsure
	unsure   event.Unsure // of the event at hand
}

// page reads a page to its end.
func (k *unpacker) page(in []byte) error {
	k.in, k.pos, k.err, k.near = in, 0, nil, event.ID{}
	var last event.Time
	for k.pos < len(k.in) && k.err == nil {
		kind := kind(k.byte())
		if kind&^newPlan == rowOfEvent {
			k.row(kind)
			continue
		}
		var s event.Source
		k.source(&s, kind, last)
		last, k.unsure = s.Time, 0
		if kind&hasUnsure != 0 {
			if k.unsure = event.Unsure(k.byte()); !k.exchange {
				k.unsure = 0
			}
		}
		if kind&ofMapper != 0 {
			s.Mapper = k.byte()
		}
		if kind&besideRow == 0 {
			k.note(s.Device)
		}
		k.event(kind&^marks, s)
	}
	return k.err
}

// note notes that a device has an event that was read in full.
func (k *unpacker) note(device event.Sym) {
	if device == k.noted {
		return
	}
	k.noted = device
	k.part.devices[k.part.device(k.hasher.Device(k.store.Symbols.Bytes(device)))].whole = true
}

func (k *unpacker) fail() { k.pos, k.err = len(k.in), errBroken }

func (k *unpacker) byte() byte {
	if k.pos >= len(k.in) {
		k.fail()
		return 0
	}
	b := k.in[k.pos]
	k.pos++
	return b
}

func (k *unpacker) bytes(n uint64) []byte {
	if n > uint64(len(k.in)-k.pos) {
		k.fail()
		return nil
	}
	b := k.in[k.pos : k.pos+int(n)]
	k.pos += int(n)
	return b
}

func (k *unpacker) number() uint64 {
	// Most are small: texts that come often have the lowest numbers.
	if in := k.in[k.pos:]; len(in) > 1 {
		if in[0] < 0x80 {
			k.pos++
			return uint64(in[0])
		}
		if in[1] < 0x80 {
			k.pos += 2
			return uint64(in[0]&0x7f) | uint64(in[1])<<7
		}
	}
	n, size := binary.Uvarint(k.in[k.pos:])
	if size <= 0 {
		k.fail()
		return 0
	}
	k.pos += size
	return n
}

// pair reads what packer.pair wrote.
func (k *unpacker) pair() (a, b uint64) {
	lengths := int(k.byte())
	a = k.numberOf(lengths & 15)
	return a, k.numberOf(lengths >> 4)
}

// numberOf reads a number of 0 to 8 bytes.
func (k *unpacker) numberOf(length int) uint64 {
	if len(k.in)-k.pos >= 8 && length <= 8 {
		n := binary.LittleEndian.Uint64(k.in[k.pos:]) & (1<<(8*length) - 1)
		k.pos += length
		return n
	}
	var all [8]byte
	if length > copy(all[:], k.in[k.pos:]) {
		k.fail()
		return 0
	}
	k.pos += length
	return binary.LittleEndian.Uint64(all[:]) & (1<<(8*length) - 1)
}

func (k *unpacker) time(from event.Time) event.Time {
	n := k.number()
	return event.Time(uint64(from) + uint64(unzigzag(n)))
}

func (k *unpacker) text() event.Sym {
	switch n := k.number(); n {
	case noText:
		return event.NoSym
	case fullText:
		return k.store.Symbols.Intern(k.bytes(k.number()))
	case hexText:
		k.hex = hex.AppendEncode(k.hex[:0], k.bytes(k.number()))
		return k.store.Symbols.Intern(k.hex)
	default:
		return k.numbered(n - firstNumber + 1)
	}
}

// numbered are the symbols of a store for the texts of a dictionary, as far as they were
// asked for: of many texts few are in one partition.
type numbered struct {
	dict  *dictionary
	syms  []event.Sym // by number
	asked []uint32
}

func (n *numbered) forget() {
	for _, number := range n.asked {
		n.syms[number] = event.NoSym
	}
	n.asked = n.asked[:0]
}

// numbered looks a text of the dictionary up in the store once, and remembers it.
func (k *unpacker) numbered(number uint64) event.Sym {
	n := k.known
	if number >= uint64(len(n.syms)) {
		k.fail()
		return event.NoSym
	}
	if n.syms[number] == event.NoSym {
		n.syms[number] = k.store.Symbols.Adopt(n.dict.texts, event.Sym(number))
		n.asked = append(n.asked, uint32(number))
	}
	return n.syms[number]
}

func (k *unpacker) source(s *event.Source, kind kind, last event.Time) {
	if s.DeviceName = k.text(); kind&ownDevice != 0 {
		s.Device, s.DeviceName = s.DeviceName, k.text()
	} else {
		s.Device = k.store.Symbols.Fold(s.DeviceName)
	}
	far, record := k.pair()
	s.Time, s.Record, s.Audit = event.Time(uint64(last)+uint64(unzigzag(far))), record, kind&ofAudit != 0
}

func (k *unpacker) process(s event.Source) {
	p := event.Process{Source: s}
	k.ref(&p.Self, p.Time)
	k.ref(&p.Parent, p.Self.Created)
	k.ref(&p.Grandparent, p.Parent.Created)
	p.User = k.text()
	p.Hash = k.text()
	p.Logon = k.number()
	p.Exchange(k.unsure)
	k.store.AddProcess(&p)
}

func (k *unpacker) ref(r *event.Ref, near event.Time) {
	has := k.byte()
	r.Unique = has&isUnique != 0
	switch {
	case has&hasTextID != 0:
		r.ID = event.TextID(k.text())
	case has&hasID != 0:
		r.ID = k.id()
	}
	if has&hasID != 0 {
		style := k.byte()
		r.Style, r.Rival = event.Style(style&^isRival), style&isRival != 0
	}
	if has&hasPID != 0 {
		r.PID = uint32(k.number())
	}
	if has&hasCreated != 0 {
		r.Created = k.time(near)
	}
	if has&hasName != 0 {
		r.Name = k.text()
	}
	if has&hasPath != 0 {
		r.Path = k.text()
	}
	if has&hasCommand != 0 {
		r.Command = k.text()
	}
}

// id reads what packer.id wrote.
func (k *unpacker) id() event.ID {
	hi, lo := k.pair()
	k.near.Hi ^= hi
	k.near.Lo ^= bits.RotateLeft64(lo, -16)
	return k.near
}

func (k *unpacker) word() uint64 {
	if b := k.bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (k *unpacker) connection(s event.Source) {
	c := event.Connection{Source: s, Weight: 1}
	has, there := k.byte(), k.byte()
	there &= 1<<connectionTexts - 1 // a broken page may tell of more
	c.Direction, c.Lookup = event.Direction(has&directions), has&isLookup != 0
	c.Stamp = k.time(c.Time)
	k.ref(&c.Self, c.Time)
	if has&hasParent != 0 {
		k.ref(&c.Parent, c.Self.Created)
	}
	if has&hasRemote != 0 {
		c.Remote, c.RemotePort = k.endpoint()
	}
	if has&hasLocal != 0 {
		c.Local, c.LocalPort = k.endpoint()
	}
	for texts := textsOf(&c); there != 0; there &= there - 1 {
		*texts[bits.TrailingZeros8(there)] = k.text()
	}
	if has&hasWeight != 0 {
		c.Weight = uint32(k.number())
	}
	c.Exchange(k.unsure)
	k.store.AddConnection(&c)
}

func (k *unpacker) endpoint() (event.Address, uint16) {
	var hi, lo uint64
	family := k.byte()
	port := uint16(k.byte()) | uint16(k.byte())<<8
	switch family {
	case 0:
	case 4:
		if b := k.bytes(4); b != nil {
			lo = 0xFFFF_0000_0000 | uint64(binary.LittleEndian.Uint32(b))
		}
	default:
		hi, lo = k.word(), k.word()
	}
	return event.AddressOf(hi, lo, family), port
}
