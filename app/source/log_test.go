package source

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// binaryLog is a log of n events in each of some chunks; EventID counts on from 1.
func binaryLog(chunks, n int) []byte {
	var all [][]byte
	number := 0
	for range chunks {
		chunk := evtxtest.NewChunk(uint64(number + 1))
		for range n {
			number++
			chunk.Record(0, evtxtest.Event("P", uint16(number), "C", "X", "a<b"))
		}
		all = append(all, chunk.Bytes())
	}
	return evtxtest.File(1, all...)
}

// counted are the events of a binaryLog of n events.
func countedEvents(n int) (want []read) {
	for i := range n {
		want = append(want, read{i + 1, fmt.Sprint(i + 1), false})
	}
	return want
}

func TestABinaryLogIsRecognisedByContent(t *testing.T) {
	log := binaryLog(3, 4)
	for name, content := range map[string][]byte{"log.txt": log, "log.evtx.gz": zipped(t, string(log)), "log.zst": zstandard(t, string(log))} {
		var got []read
		stats, err := Each(write(t, t.TempDir(), name, content), collect(t, &got))
		if err != nil || stats.Files != 1 || stats.Events != 12 || !reflect.DeepEqual(got, countedEvents(12)) {
			t.Errorf("%s: %+v, %v, error %v", name, stats, got, err)
		}
	}
}

// TestTheBatchesOfALogCanBeReadInAnyOrder, as goroutines do.
func TestTheBatchesOfALogCanBeReadInAnyOrder(t *testing.T) {
	var all []*Batch
	if _, err := (Source{}).BatchesIn("in", bytes.NewReader(binaryLog(5, 3)), func(b *Batch) error {
		all = append(all, b)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(all) != 5 {
		t.Fatalf("%d batches, want one a chunk", len(all))
	}
	byBatch := make([][]read, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		if err := all[i].Each(collect(t, &byBatch[all[i].Number])); err != nil {
			t.Fatal(err)
		}
		all[i].Free()
	}
	var got []read
	for _, part := range byBatch {
		got = append(got, part...)
	}
	if !reflect.DeepEqual(got, countedEvents(15)) {
		t.Errorf("got %v", got)
	}
}

func TestTheValuesOfALogAreDecodedOnce(t *testing.T) {
	rec := record.New(names)
	if _, err := EachIn("in", bytes.NewReader(binaryLog(1, 1)), func(e Event) error {
		if err := e.Fill(rec); err != nil {
			return err
		}
		if got := string(rec.Get(names.Slot("X"))); got != "a<b" {
			t.Errorf("X is %q", got)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestADamagedLogIsReadAndNoted: a record whose binary XML breaks off is an event that
// breaks off, and the notes name the file once.
func TestADamagedLogIsReadAndNoted(t *testing.T) {
	chunk := evtxtest.NewChunk(1)
	chunk.Record(0, evtxtest.Event("P", 1, "C", "X", "x"))
	chunk.Record(0, func(x *evtxtest.XML) {
		x.Fragment().Open("Event", false).Content().Open("System", false).Content().Open("EventID", false).Content().Text("2").Close().Bytes(0x3F)
	})
	chunk.Record(0, func(x *evtxtest.XML) { x.Bytes(0x3F) })
	chunk.Record(0, evtxtest.Event("P", 4, "C", "X", "x"))
	log := evtxtest.File(1, chunk.Bytes(), bytes.Repeat([]byte{7}, evtxtest.ChunkSize))
	notes := &Notes{}
	var got []read
	_, err := Source{Notes: notes}.EachIn("a.evtx", bytes.NewReader(log), collect(t, &got))
	if want := []read{{1, "1", false}, {2, "2", true}, {3, "", true}, {4, "4", false}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v, error %v", got, want, err)
	}
	lines := notes.Lines(false)
	if len(lines) != 1 {
		t.Fatalf("notes %q", lines)
	}
	for _, say := range []string{"a.evtx", "record damaged (2)", "block is no chunk (1)", "first chunk 0, record 2", "token 0x3f"} {
		if !strings.Contains(lines[0], say) {
			t.Errorf("%q is not in %q", say, lines[0])
		}
	}
}

func TestManyDamagedLogsTakeFewLines(t *testing.T) {
	notes, folder := &Notes{}, t.TempDir()
	broken := binaryLog(1, 1)[:9000]
	for i := range 20 {
		write(t, folder, fmt.Sprintf("%02d.evtx", i), broken)
	}
	stats, err := Source{Notes: notes}.Each(folder, func(Event) error { return nil })
	if err != nil || stats.Files != 20 || stats.Events != 20 {
		t.Fatalf("%+v, error %v", stats, err)
	}
	lines := notes.Lines(false)
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "20 files are damaged") || !strings.Contains(lines[0], filepath.Join(folder, "02.evtx")+" and 17 more") {
		t.Errorf("notes %q", lines)
	}
	if lines = notes.Lines(true); len(lines) != 20 || !strings.HasPrefix(lines[19], filepath.Join(folder, "19.evtx")) {
		t.Errorf("all notes: %q", lines)
	}
}

func TestRealLogsAreHuntedIn(t *testing.T) {
	rec := record.New(record.NewNames("EventID", "Computer", "SystemTime", "ParentCommandLine", "ProviderName"))
	starts := 0
	stats, err := Each(dataset(t, "evtx/sysmon.evtx"), func(e Event) error {
		if err := e.Fill(rec); err != nil {
			return err
		}
		if len(rec.Filled()) == 5 && string(rec.Get(rec.Names().Slot("EventID"))) == "1" {
			starts++
		}
		return nil
	})
	if err != nil || stats.Events != 358 || starts != 227 {
		t.Errorf("%+v, %d process starts, want 227, error %v", stats, starts, err)
	}
}

// BenchmarkLog reads the records of a log, and with fields, what is in them, too: the
// difference is what it costs that records come as XML.
func BenchmarkLog(b *testing.B) {
	chunk := evtxtest.NewChunk(1)
	for range 140 {
		chunk.Record(0, evtxtest.Event("Vendor-Sensor", 1, "HOST", "Image", `C:\Windows\System32\cmd.exe`, "CommandLine", `cmd /c "a & b" > some file`, "User", `CORP\somebody`))
	}
	log := evtxtest.File(1, bytes.Repeat(chunk.Bytes(), 20))
	rec := record.New(record.NewNames("EventID", "Computer", "Image", "CommandLine", "User"))
	for name, fn := range map[string]func(Event) error{
		"records": func(Event) error { return nil }, "fields": func(e Event) error { return e.Fill(rec) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(log)))
			for b.Loop() {
				if stats, err := EachIn("in", bytes.NewReader(log), fn); err != nil || stats.Events != 2800 {
					b.Fatal(stats.Events, err)
				}
			}
		})
	}
}
