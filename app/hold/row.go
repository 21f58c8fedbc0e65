package hold

import (
	"encoding/binary"
	"math/bits"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
)

// RowKeys is an event of which only the keys were read.
type RowKeys struct {
	sieve.Entry
	Origin
	// Time is the record time of the end of a process and of an event of the scheduler's log, and
	// NoTime in any other row: most of these are known by that and by whose they are.
	Time event.Time
}

// Origin says how to read the rest of a row, and where, by numbers of the caller's own.
// No File is 0.
type Origin struct {
	Plan uint32
	File int32
	At   int64
}

// Device is a host as a writer knows it.
type Device struct {
	Hash   uint64 // of its name, letter case aside
	number uint32
}

// mostDevices is how many spellings of hosts a writer remembers.
const mostDevices = 1 << 16

// spellings are hosts by name.
type spellings map[string]Device

// Device returns the host with that name, in whatever letter case. isNew says that no row of a
// process of this writer had this spelling yet, as far as it remembers.
func (w *Writer) Device(name []byte) (d Device, isNew bool) { return w.device(w.devices, name) }

// DeviceOfLog is Device for rows of the scheduler's log: what they spell no process need have.
func (w *Writer) DeviceOfLog(name []byte) (d Device, isNew bool) { return w.device(w.logs, name) }

func (w *Writer) device(known spellings, name []byte) (d Device, isNew bool) {
	if d, is := known[string(name)]; is {
		return d, false
	}
	if len(known) >= mostDevices {
		clear(known)
	}
	folded := event.Lower(event.HostName(name))
	d = Device{w.set.hasher.Device(folded), uint32(len(w.hashes))}
	w.set.noteName(d.Hash, folded)
	known[string(name)] = d
	w.hashes = append(w.hashes, d.Hash)
	return d, true
}

// A row is packed as
//
//	kind, flags                1 byte each
//	Self, Other                8 bytes each
//	lengths                    1 byte, 2 bits for each of the next four
//	device, PID                1 to 4 bytes each
//	ParentPID                  1 to 4 bytes; what has a time has that instead, as its
//	                           distance from the one before, in 4, 5, 6 or 8 bytes
//	At, from the row before    2, 3, 4 or 8 bytes
//	Plan, File                 4 bytes each, unless they are as before
//
// in this order, numbers with their lowest byte first. What is of 1 to 4 bytes is written
// and read as 4, and what comes next begins where it ends: no branch depends on how large
// a number is, which nobody could foretell.
const (
	rowHead = 1 + 1 + 8 + 8 + 1
	rowTail = 4 + 4
	mostRow = rowHead + 2*4 + 8 + 8 + rowTail
)

// newPlan marks a row that has another Plan or File than the one before.
const newPlan kind = 0x40

// farBytes is how many bytes At takes, by the two bits that say so.
var farBytes = [4]int{2, 3, 4, 8}

// timeBytes is how many bytes a time takes, by the two bits that say so.
var timeBytes = [4]int{4, 5, 6, 8}

// isTimed reports whether a row has a time, and no parent.
func isTimed(f sieve.Flags) bool {
	return f.Kind() == event.ProcessEnd || f.Kind() == event.TaskEvent
}

// AddRow adds a row of a device of this writer. at is its record time. When the row is
// marked sieve.Read, the event itself is what is added next.
func (w *Writer) AddRow(d Device, r *RowKeys, at event.Time) {
	if w.beside = 0; r.Flags&sieve.Read != 0 {
		w.beside = besideRow
	}
	if r.Time = event.NoTime; isTimed(r.Flags) {
		r.Time = at
	}
	page := &w.rows[partitionOf(d.Hash)]
	if r.Flags.Kind() != event.TaskEvent { // whose log may run on another clock: see AddTask
		w.sure.add(at, page.partition)
	}
	if page.add(w.row[:page.put(w.row[:], d.number, r)]) {
		w.shut(page)
	}
}

// put packs a row into out, and returns how much it takes.
func (p *openPage) put(out []byte, device uint32, r *RowKeys) int {
	_ = out[mostRow-1]
	far := zigzag(r.At - p.before.At)
	farther := min(max(bits.Len64(far), 16)-1, 32) >> 3 // 1, 2, 3, 4: see farBytes
	self, host, third, thirdBytes := size(r.PID), size(device), uint64(r.ParentPID), size(r.ParentPID)
	thirdBits := thirdBytes - 1
	if isTimed(r.Flags) {
		third = zigzag(int64(uint64(r.Time) - uint64(p.last)))
		thirdBits = min(max(bits.Len64(third), 32)-25, 24) >> 3 // 0, 1, 2, 3: see timeBytes
		thirdBytes, p.last = timeBytes[thirdBits], r.Time
	}

	kind := rowOfEvent
	binary.LittleEndian.PutUint64(out[2:], r.Self)
	binary.LittleEndian.PutUint64(out[10:], r.Other)
	out[rowHead-1] = byte(host - 1 | (self-1)<<2 | thirdBits<<4 | (farther-1)<<6)
	n := rowHead
	binary.LittleEndian.PutUint32(out[n:], device)
	n += host
	binary.LittleEndian.PutUint32(out[n:], r.PID)
	n += self
	binary.LittleEndian.PutUint64(out[n:], third)
	n += thirdBytes
	binary.LittleEndian.PutUint64(out[n:], far)
	n += farBytes[farther-1]
	if r.Plan != p.before.Plan || r.File != p.before.File {
		kind |= newPlan
		binary.LittleEndian.PutUint32(out[n:], r.Plan)
		binary.LittleEndian.PutUint32(out[n+4:], uint32(r.File))
		n += rowTail
	}
	out[0], out[1] = byte(kind), byte(r.Flags)
	p.before = r.Origin
	return n
}

// size is how many bytes a number takes, 1 to 4.
func size(n uint32) int { return (bits.Len32(n|1)-1)>>3 + 1 }

// zigzag makes numbers near 0 small ones, whatever their sign.
func zigzag(n int64) uint64 { return uint64(n)<<1 ^ uint64(n>>63) }

func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

// row reads what AddRow wrote, behind its kind.
func (k *unpacker) row(kind kind) {
	in := k.in[k.pos-1:]
	if len(in) < mostRow { // one of the last of a page
		k.end = [mostRow]byte{}
		copy(k.end[:], in)
		in = k.end[:]
	}
	device, length := k.rowOf(in, kind)
	if k.pos += length - 1; k.pos > len(k.in) || int(device) >= len(k.hashes) {
		k.fail()
		return
	}
	if k.last.Flags.Kind() == event.TaskEvent {
		k.part.addTask(k.hashes[device], &k.last)
		return
	}
	k.part.add(k.hashes[device], &k.last)
}

// rowOf reads a row as put packed it into last, and returns the number of its device and
// how much it takes.
func (k *unpacker) rowOf(in []byte, kind kind) (device uint32, length int) {
	_ = in[mostRow-1]
	r := &k.last
	r.Flags = sieve.Flags(in[1])
	r.Self, r.Other = binary.LittleEndian.Uint64(in[2:]), binary.LittleEndian.Uint64(in[10:])
	lengths, n := in[rowHead-1], rowHead
	device, n = short(in, n, lengths)
	r.PID, n = short(in, n, lengths>>2)
	r.Time = event.NoTime
	if isTimed(r.Flags) {
		size := timeBytes[lengths>>4&3]
		k.timed += event.Time(unzigzag(binary.LittleEndian.Uint64(in[n:]) & (1<<(8*size) - 1)))
		r.ParentPID, r.Time, n = 0, k.timed, n+size
	} else {
		r.ParentPID, n = short(in, n, lengths>>4)
	}
	far := farBytes[lengths>>6]
	r.At += unzigzag(binary.LittleEndian.Uint64(in[n:]) & (1<<(8*far) - 1))
	if n += far; kind&newPlan != 0 {
		r.Plan, r.File = binary.LittleEndian.Uint32(in[n:]), int32(binary.LittleEndian.Uint32(in[n+4:]))
		n += rowTail
	}
	return device, n
}

// short reads a number of 1 to 4 bytes, as the lowest two bits of length say, and returns
// where the next begins.
func short(in []byte, n int, length byte) (uint32, int) {
	length &= 3
	return binary.LittleEndian.Uint32(in[n:]) & (1<<(8*(length+1)) - 1), n + int(length) + 1
}
