package source

import (
	"errors"
	"fmt"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// cutting is the making of batches from one text. Only what it does is done on one
// goroutine, and so it looks at no event closer than to find its end.
type cutting struct {
	name string
	text io.Reader
	size int // of a batch, in bytes
	give func(*Batch) error

	notes *Notes // may be nil
	names *record.Names
	own   [][]string // columns of tables that are no events

	unnamed func(columns []string) string // may be nil
	device  device                        // for the rows of the table at hand

	files  *Files // nil when the rows cannot be read again
	start  int64  // where the text begins in the file
	before int    // lines before it
}

// rows cuts a CSV file.
func (c *cutting) rows() error {
	pieces := record.NewRowScannerSize(c.text, c.size)
	pieces.Knows(c.names)
	tables := fileTables{files: c.files, name: c.name}
	if c.files != nil {
		pieces.Starts(record.Place{File: 1, At: c.start}) // tables knows which
	}
	for {
		piece, err := pieces.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading %s at line %d: %w", c.name, c.before+pieces.Line(), err)
		}
		if tables.place(piece) {
			c.device = c.deviceOf(record.Columns(piece.Header))
		}
		b := batches.Get().(*Batch)
		b.File, b.text, b.line, b.piece, b.notes = c.name, piece.Rows, c.before+piece.Line, piece, c.notes
		b.device = c.device
		if err := c.give(b); err != nil {
			return err
		}
	}
}

// maxEvent bounds one event, in bytes.
const maxEvent = 64 << 20

// errLongEvent says that no end of an event was found within maxEvent.
var errLongEvent = errors.New("no end of the event within 64 MB: is the file cut or damaged?")

// events cuts a text of XML, JSON and classic events.
func (c *cutting) events() error {
	var cutter cutter
	var ended error // why there is no more to read: io.EOF, or another
	line, memory := 1+c.before, record.NewBuffer(nil, c.size)
	for {
		if ended == nil {
			ended = memory.Fill(c.text)
		}
		b, data := batches.Get().(*Batch), memory.Bytes()
		n := b.cut(&cutter, data, errors.Is(ended, io.EOF))
		if n == 0 && ended == nil && len(data) >= maxEvent {
			ended = errLongEvent
		}
		if n == 0 && ended != nil {
			memory.Free()
			if err := c.giveUnended(&cutter, line); err != nil {
				return err
			}
			return c.failed(ended, line)
		}
		if cutter.deep {
			c.notes.addRow(c.name, deepList, line)
			cutter.deep = false
		}
		b.File, b.line, b.memory = c.name, line, memory
		b.text = data[:n]
		// The rest is copied before anyone else has the memory in hand.
		memory = record.NewBuffer(data[n:], c.size)
		line += countLines(b.text)
		if err := c.giveFull(b); err != nil {
			return err
		}
	}
}

// giveFull keeps back a batch with nothing in it: its text was white space, or the
// beginning of an event that needs a larger one.
func (c *cutting) giveFull(b *Batch) error {
	if len(b.events) == 0 {
		b.Free()
		return nil
	}
	return c.give(b)
}

// unended stands for the end of a list of events that the text does not have: nobody knows
// how many events are lost with it, but it is no whole file.
var unended = []byte("{")

// giveUnended hands on an event that is cut off where the text ends within an envelope.
func (c *cutting) giveUnended(cutter *cutter, line int) error {
	if len(cutter.around) == 0 {
		return nil
	}
	b := batches.Get().(*Batch)
	b.File, b.line, b.text = c.name, line, unended
	b.events = append(b.events, place{end: int32(len(unended))})
	return c.give(b)
}

// failed returns the error for a text that ended at a line.
func (c *cutting) failed(ended error, line int) error {
	if errors.Is(ended, io.EOF) {
		return nil
	}
	return fmt.Errorf("reading %s at line %d: %w", c.name, line, ended)
}

// cut notes the events that are whole in data, and returns where the first begins
// that is not.
func (b *Batch) cut(c *cutter, data []byte, eof bool) int {
	for at := 0; ; {
		space := leadingSpace(data[at:])
		c.pass(data[at : at+space])
		at += space
		p := c.cut(data[at:], eof)
		if p.more {
			return at
		}
		if p.event {
			end := at + p.length
			end -= trailingSpace(data[at:end])
			b.events = append(b.events, place{start: int32(at), end: int32(end), table: b.table(c, p)})
		}
		at += p.length
	}
}
