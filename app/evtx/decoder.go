package evtx

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
)

// Limits of what one chunk may cost, far above what Windows writes: a chunk has 64 KiB, and
// what its records render to is some ten times that.
const (
	chunkRoom   = 8 << 20 // bytes of text made of one chunk, and of steps to make it
	recordRoom  = 2 << 20 // bytes of text made of one record
	deepest     = 32      // fragments within fragments
	mostOpen    = 256     // elements within elements of one fragment
	longestName = 1 << 12 // UTF-16 units of an element's or attribute's name
	mostValues  = 1 << 14 // values of a template's instance
)

// ErrLimit is what is wrapped by the error of a record that reaches a limit.
var ErrLimit = errors.New("limit of the reader reached")

// errDamaged is wrapped by the error of a record that holds what no record may hold.
var errDamaged = errors.New("damaged binary XML")

func damaged(at int, format string, args ...any) error {
	return fmt.Errorf("%w at byte %d of the chunk: %s", errDamaged, at, fmt.Sprintf(format, args...))
}

// Record is what stands before a record's binary XML.
type Record struct {
	Number uint64 // as Windows counts them
	Time   uint64 // FILETIME, 100 ns since 1601 in UTC, when it was written

	at, end int // of its binary XML in the chunk
}

// Decoder takes chunks apart. It is for one goroutine, and keeps its memory from chunk to
// chunk. The zero Decoder is ready.
type Decoder struct {
	// Warn, if not nil, is told what is wrong with a chunk.
	Warn func(Warning)

	chunk    []byte
	number   int
	record   Record
	at       int  // where the next record begins
	free     int  // where the chunk says that its records end
	recorded bool // a record was read of this chunk

	names     map[uint32]name
	nameText  []byte
	templates map[uint32]*program
	spare     []*program // for templates of chunks to come
	values    []stored
	room      int // of this chunk that is left
	xml       xmlOutput
	walk      walkOutput
}

func (d *Decoder) warn(kind Kind, record uint64, err error) {
	if d.Warn != nil {
		d.Warn(Warning{Kind: kind, Chunk: d.number, Record: record, Err: err})
	}
}

// Open begins a chunk. Its bytes must not change until another is opened.
func (d *Decoder) Open(c *Chunk) {
	d.chunk, d.number, d.at, d.recorded = c.data, c.Number, firstRecord, false
	d.record, d.room, d.values, d.nameText = Record{}, chunkRoom, d.values[:0], d.nameText[:0]
	if d.names == nil {
		d.names, d.templates = map[uint32]name{}, map[uint32]*program{}
	}
	clear(d.names)
	for _, p := range d.templates {
		d.spareProgram(p)
	}
	clear(d.templates)
	if cap(d.values) > mostValues {
		d.values = nil
	}
	d.free = len(d.chunk)
	if len(d.chunk) < firstRecord {
		return
	}
	if free := int(le.Uint32(d.chunk[48:])); free >= firstRecord && free <= ChunkSize {
		d.free = min(free, len(d.chunk))
		if !c.unchecked && free <= len(d.chunk) {
			d.check(free)
		}
	}
}

// check compares the checksums of the header and of the records. A pair of zeros is how
// tools leave them out.
func (d *Decoder) check(free int) {
	c := d.chunk
	header, records := le.Uint32(c[124:]), le.Uint32(c[52:])
	if header == 0 && records == 0 {
		return
	}
	if sum := crc32.Update(crc32.ChecksumIEEE(c[:checkedHeader]), crc32.IEEETable, c[headerSize:firstRecord]); sum != header {
		d.warn(ChunkChecksum, 0, fmt.Errorf("the header's is %08x, that of its bytes %08x", header, sum))
	}
	if sum := crc32.ChecksumIEEE(c[firstRecord:free]); sum != records {
		d.warn(ChunkChecksum, 0, fmt.Errorf("the records' is %08x, that of their bytes %08x", records, sum))
	}
}

var recordMagic = []byte("**\x00\x00")

const (
	recordHeader = 24
	recordFrame  = recordHeader + 4 // with the copy of its size at the end
)

// Next goes to the chunk's next record, and reports false when there is none.
func (d *Decoder) Next() bool {
	for {
		size, ok := d.recordAt(d.at)
		if d.at >= d.free && (!ok || !d.follows()) {
			return false
		}
		if ok {
			d.take(size)
			return true
		}
		if !d.skipLost() {
			return false
		}
	}
}

// recordAt returns the size of the record at a place.
func (d *Decoder) recordAt(at int) (size int, ok bool) {
	if at+recordFrame > len(d.chunk) || !bytes.HasPrefix(d.chunk[at:], recordMagic) {
		return 0, false
	}
	size = int(le.Uint32(d.chunk[at+4:]))
	return size, size >= recordFrame && size <= len(d.chunk)-at
}

// follows reports whether the record behind the end that the chunk states is the one
// after the last: a log that was not closed has such, while older records, left from what
// the chunk held before, are not of this log any more.
func (d *Decoder) follows() bool {
	return d.recorded && le.Uint64(d.chunk[d.at+8:]) == d.record.Number+1
}

func (d *Decoder) take(size int) {
	c := d.chunk[d.at:]
	d.record = Record{Number: le.Uint64(c[8:]), Time: le.Uint64(c[16:]), at: d.at + recordHeader, end: d.at + size - 4}
	if again := int(le.Uint32(c[size-4:])); again != size {
		d.warn(TwoSizes, d.record.Number, fmt.Errorf("its size is %d bytes at its begin and %d at its end", size, again))
	}
	d.recorded = true
	d.at += size
}

// skipLost goes to the next place at which a record begins that is whole. What is less
// than a record's frame is no loss.
func (d *Decoder) skipLost() bool {
	from := d.at
	for at := from + 1; at < d.free; at++ {
		next := bytes.Index(d.chunk[at:d.free], recordMagic)
		if next < 0 {
			break
		}
		at += next
		if size, ok := d.recordAt(at); ok && int(le.Uint32(d.chunk[at+size-4:])) == size {
			d.lost(from, at)
			d.at = at
			return true
		}
	}
	d.lost(from, d.free)
	d.at = len(d.chunk)
	return false
}

func (d *Decoder) lost(from, to int) {
	if !isEmpty(d.chunk[from:to]) {
		d.warn(LostRecords, 0, fmt.Errorf("%d bytes at byte %d of the chunk are no record", to-from, from))
	}
}

// Record returns the record that Next went to.
func (d *Decoder) Record() Record { return d.record }

// spend takes n bytes or steps from what the chunk may cost.
func (d *Decoder) spend(n int) error {
	if d.room -= n; d.room < 0 {
		return fmt.Errorf("%w: the records of this chunk come to more than %d MiB of text", ErrLimit, chunkRoom>>20)
	}
	return nil
}

// failed tells of a record that could not be read as a whole.
func (d *Decoder) failed(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrLimit):
		d.warn(Limit, d.record.Number, err)
	default:
		d.warn(BadRecord, d.record.Number, err)
	}
	return err
}
