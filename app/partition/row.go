package partition

import (
	"bytes"
	"encoding/binary"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/sieve"
)

// Row is an event of which only the keys were read.
type Row struct {
	sieve.Entry
	// How to read the rest, and where, by numbers of the caller's own.
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

// Device returns the host with that name, in whatever letter case. isNew says that no row
// of this writer had this spelling yet, as far as it remembers.
func (w *Writer) Device(name []byte) (d Device, isNew bool) {
	if d, known := w.devices[string(name)]; known {
		return d, false
	}
	if len(w.devices) >= mostDevices {
		clear(w.devices)
	}
	d = Device{w.set.hasher.Device(bytes.ToLower(name)), uint32(len(w.hashes))}
	w.devices[string(name)] = d
	w.hashes = append(w.hashes, d.Hash)
	return d, true
}

// AddRow adds a row of a device of this writer. at is its record time. When the row is
// marked sieve.Read, the event itself is what is added next.
func (w *Writer) AddRow(d Device, r *Row, at event.Time) {
	if w.beside = 0; r.Flags&sieve.Read != 0 {
		w.beside = besideRow
	}
	w.newest = max(w.newest, at)
	page := &w.rows[partitionOf(d.Hash)]
	out := page.bytes
	out = append(out, byte(rowOfEvent), byte(r.Flags))
	out = binary.LittleEndian.AppendUint64(out, r.Self)
	out = binary.LittleEndian.AppendUint64(out, r.Other)
	for _, n := range [...]uint32{d.number, r.PID, r.ParentPID, r.Plan, uint32(r.File)} {
		out = binary.AppendUvarint(out, uint64(n))
	}
	page.bytes = binary.AppendVarint(out, r.At-page.at)
	if page.at = r.At; len(page.bytes) >= pageSize {
		w.shut(page)
	}
}

// row reads what AddRow wrote.
func (k *unpacker) row() {
	head := k.bytes(rowHead)
	if head == nil {
		return
	}
	r := Row{Entry: sieve.Entry{
		Flags: sieve.Flags(head[0]), Self: binary.LittleEndian.Uint64(head[1:]), Other: binary.LittleEndian.Uint64(head[9:]),
	}}
	number := k.number()
	if number >= uint64(len(k.hashes)) {
		k.fail()
		return
	}
	r.PID, r.ParentPID = uint32(k.number()), uint32(k.number())
	r.Plan, r.File = uint32(k.number()), int32(k.number())
	n := k.number()
	k.at += int64(n>>1) ^ -int64(n&1)
	r.At = k.at
	k.part.add(k.hashes[number], &r)
}

// rowHead is the length of what begins a row: flags and hashes.
const rowHead = 1 + 2*8
