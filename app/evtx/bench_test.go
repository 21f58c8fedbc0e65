package evtx

import (
	"bytes"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
)

// fullChunk is a chunk as full as one kind of events makes it.
func fullChunk() []byte {
	chunk := evtxtest.NewChunk(1)
	for range 140 {
		chunk.Record(134080956012500000, evtxtest.Event("Vendor-Sensor", 1, "HOST", "Image", `C:\Windows\System32\cmd.exe`,
			"CommandLine", `cmd /c "a & b" > some file with a name`, "User", `CORP\somebody`, "Hash", "0123456789ABCDEF0123456789ABCDEF"))
	}
	return chunk.Bytes()
}

func BenchmarkAppendXML(b *testing.B) {
	chunk := Chunk{data: fullChunk()}
	var d Decoder
	var text []byte
	b.SetBytes(ChunkSize)
	b.ReportAllocs()
	for b.Loop() {
		text = text[:0]
		for d.Open(&chunk); d.Next(); {
			text, _ = d.AppendXML(text)
		}
	}
}

func BenchmarkWalk(b *testing.B) {
	chunk := Chunk{data: fullChunk()}
	var d Decoder
	b.SetBytes(ChunkSize)
	b.ReportAllocs()
	for b.Loop() {
		for d.Open(&chunk); d.Next(); {
			_ = d.Walk(silent{})
		}
	}
}

// TestDecodingKeepsItsMemory: a chunk more allocates next to nothing.
func TestDecodingKeepsItsMemory(t *testing.T) {
	log := evtxtest.File(1, bytes.Repeat(fullChunk(), 1))
	r, err := NewReader(bytes.NewReader(log), nil)
	if err != nil {
		t.Fatal(err)
	}
	var chunk Chunk
	if err := r.Next(&chunk); err != nil {
		t.Fatal(err)
	}
	var d Decoder
	var text []byte
	read := func() {
		text = text[:0]
		for d.Open(&chunk); d.Next(); {
			text, _ = d.AppendXML(text)
		}
	}
	read()
	if n := testing.AllocsPerRun(20, read); n > 4 {
		t.Errorf("%v allocations for a chunk of 140 records", n)
	}
}
