package evtx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
)

// wellFormed fails for XML that encoding/xml, which knows no control characters, cannot
// read to its end.
func wellFormed(t *testing.T, text []byte) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(noControls.ReplaceAllString(string(text), "")))
	for {
		if _, err := d.RawToken(); errors.Is(err, io.EOF) {
			return
		} else if err != nil && !strings.Contains(err.Error(), "invalid character entity") && !strings.Contains(err.Error(), "invalid XML name") {
			t.Fatalf("%v in %.500q", err, text)
		}
	}
}

// FuzzFile holds the reader to what must be true of any file: it ends, it does not panic,
// and how its bytes come in makes no difference.
func FuzzFile(f *testing.F) {
	// Small seeds, which the fuzzer gets further with: a file that states so has no room
	// behind its header, and its end may be missing.
	chunk := chunkOf(1, 2)
	log := changed(slices.Concat(evtxtest.File(1)[:headerSize], chunk[:le.Uint32(chunk[48:])]), 40, headerSize, 0)
	if all, _ := numbers(f, log); len(all) != 2 {
		f.Fatalf("the seed has the records %v", all)
	}
	f.Add(log)
	f.Add(log[:1000])
	f.Fuzz(func(t *testing.T, log []byte) {
		if !bytes.HasPrefix(log, []byte(Magic)) {
			log = append([]byte(Magic), log...)
		}
		var all [2][]string
		for i, r := range []io.Reader{bytes.NewReader(log), iotest.HalfReader(iotest.DataErrReader(bytes.NewReader(log)))} {
			readAll(t, r, nil, func(d *Decoder) {
				text, err := d.AppendXML(nil)
				all[i] = append(all[i], fmt.Sprintf("%d %s %v", d.Record().Number, text, err))
			})
		}
		if !slices.Equal(all[0], all[1]) {
			t.Fatalf("%q and %q", all[0], all[1])
		}
	})
}

// FuzzRecord puts bytes where a record's binary XML is, behind a sound record whose names
// and templates they can use. What they make of it ends, is bounded, and is well-formed
// where it is whole; the sound records beside it stay as they are.
func FuzzRecord(f *testing.F) {
	sound := evtxtest.Event("P", 1, "C", "a", "b")
	chunk := evtxtest.NewChunk(1)
	chunk.Record(0, sound)
	chunk.Record(0, sound)
	second := chunk.Bytes()[firstRecord+int(le.Uint32(chunk.Bytes()[firstRecord+4:]))+recordHeader:]
	f.Add(bytes.TrimRight(second, "\x00"))
	f.Add([]byte{0x0F, 1, 1, 0, 0x01, 0xFF, 0xFF, 9, 0, 0, 0, 0, 3, 0, 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 40<<10 {
			t.Skip()
		}
		chunk := evtxtest.NewChunk(1)
		chunk.Record(0, sound)
		chunk.Record(0, func(x *evtxtest.XML) { x.Bytes(body...) })
		chunk.Record(0, sound)
		var texts []string
		readAll(t, bytes.NewReader(evtxtest.File(1, chunk.Bytes())), nil, func(d *Decoder) {
			text, err := d.AppendXML(nil)
			if err == nil && len(texts) == 1 {
				wellFormed(t, text)
			}
			if len(text) > recordRoom+1<<20 {
				t.Fatalf("a record of %d bytes", len(text))
			}
			var balance balance
			if walked := d.Walk(&balance); walked == nil && (balance.open != 0 || balance.under) {
				t.Fatalf("%d elements are open", balance.open)
			}
			texts = append(texts, string(text))
		})
		if len(texts) != 3 || texts[0] != texts[2] {
			t.Fatalf("the records beside it changed: %q", texts)
		}
	})
}

// balance counts open elements.
type balance struct {
	silent
	open  int
	under bool
}

func (b *balance) Open([]byte) { b.open++ }
func (b *balance) Close([]byte) {
	b.open--
	b.under = b.under || b.open < 0
}

// FuzzValue renders bytes as each type of value.
func FuzzValue(f *testing.F) {
	f.Add(byte(String), evtxtest.UTF16("a\x00<"))
	f.Add(byte(ArrayOf|SID), []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0})
	f.Add(byte(SystemTime), make([]byte, 16))
	f.Fuzz(func(t *testing.T, kind byte, data []byte) {
		v := Value{kind: Type(kind), data: data}
		text := v.append([]byte("<E a='"), &inAttribute)
		text = append(text, "'>"...)
		text = append(v.append(text, &inText), "</E>"...)
		wellFormed(t, text)
		items := 0
		v.Items(func(Value) bool { items++; return true })
		if items > len(data) {
			t.Fatalf("%d items in %d bytes", items, len(data))
		}
		_, _, _, _ = v.Int(), v.Uint(), v.Float(), v.IsNull()
	})
}
