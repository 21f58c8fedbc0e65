//go:build bench

package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
)

// What one machine's log may take until its first screen is there. The limit is held by the
// processors' time, which on a quiet machine is more than the clock's, and on one that others
// use too is all that can be told.
const (
	oneMachineBytes = 200 << 20
	oneMachineTime  = 5 * time.Second
)

// TestOneMachine writes the log of one machine, 200 MB of EVTX with what 20 machines of the
// realistic profile do in some weeks, and has the program print its first screen:
//
//	make bench-machine
func TestOneMachine(t *testing.T) {
	binary, err := filepath.Abs(os.Getenv("BENCH_BINARY"))
	if os.Getenv("BENCH_BINARY") == "" || err != nil {
		t.Skip("a benchmark; BENCH_BINARY names the program")
	}
	file := filepath.Join(t.TempDir(), "Microsoft-Windows-Sysmon%4Operational.evtx")
	size, records := writeOneMachine(t, file)
	var walls []time.Duration
	var last cost
	var screen []byte
	for range 3 {
		if last, screen, err = wholeRun("", binary, "hunt", "--details", "none", file); err != nil {
			t.Fatal(err)
		}
		walls = append(walls, last.Wall)
	}
	slices.Sort(walls)
	t.Logf("%d MB, %d records: first screen after %v (%v CPU, %d MB):\n%s", size>>20, records, walls, last.CPU, last.Memory>>20, screen)
	for _, said := range []string{"of 1 device", "rarity cannot be judged", "Windows' own:"} {
		if !bytes.Contains(screen, []byte(said)) {
			t.Errorf("the first screen does not say %q", said)
		}
	}
	if size < oneMachineBytes || last.CPU > oneMachineTime {
		t.Errorf("%d MB in %v, want %d in %v at most", size>>20, last.CPU, oneMachineBytes>>20, oneMachineTime)
	}
}

// writeOneMachine writes a fleet's events as those of one machine, oldest first.
func writeOneMachine(t *testing.T, file string) (size, records int) {
	t.Helper()
	dir := t.TempDir()
	made, err := realistic.Generate(realistic.Config{Devices: 20, Days: 13, Seed: 5, Tail: 0.25, Hijacks: true, OneFile: true}, dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, made.Files[0]))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	slices.Reverse(lines) // the sample has the newest first
	log := binaryLog{shapes: map[string]string{}}
	for _, line := range lines {
		log.add(t, line)
	}
	whole := log.file()
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	return len(whole), log.records
}

// binaryLog is an event log that is being written.
type binaryLog struct {
	chunks  [][]byte
	chunk   *evtxtest.Chunk
	filled  int
	records int
	shapes  map[string]string // names of an event's data, by provider and id
}

// chunkFill is how much of a chunk is filled by the sum of texts: as UTF-16 they take twice that.
const chunkFill = 24 << 10

// add writes a line of the sample, unless it is of a log that is none of a provider's own.
func (b *binaryLog) add(t *testing.T, line []byte) {
	t.Helper()
	e := readLine(t, line)
	provider, own := strings.CutSuffix(e.channel, "/Operational")
	if !own {
		return
	}
	shape := fmt.Sprint(provider, e.id)
	if names := namesOf(e.data); b.shapes[shape] == "" {
		b.shapes[shape] = names
	} else if b.shapes[shape] != names {
		t.Fatalf("events %s have unlike data", shape)
	}
	if b.chunk == nil || b.filled+len(line) > chunkFill {
		b.close()
		b.chunk = evtxtest.NewChunk(uint64(b.records + 1))
	}
	b.chunk.Record(fileTime(e.at), evtxtest.Event(provider, uint16(e.id), "PC-7.corp.example", e.data...))
	b.filled, b.records = b.filled+len(line), b.records+1
}

func (b *binaryLog) close() {
	if b.chunk != nil {
		b.chunks, b.chunk, b.filled = append(b.chunks, b.chunk.Bytes()), nil, 0
	}
}

func (b *binaryLog) file() []byte {
	b.close()
	return evtxtest.File(1, b.chunks...)
}

// fileTime is a time in 100 ns since 1601, as Windows counts.
func fileTime(at time.Time) uint64 {
	return uint64(at.Unix()+11_644_473_600)*10_000_000 + uint64(at.Nanosecond()/100)
}

func namesOf(data []string) string {
	var names []string
	for i := 0; i < len(data); i += 2 {
		names = append(names, data[i])
	}
	return strings.Join(names, " ")
}

// sampleLine is an event of the sample: its data are names and values by turns.
type sampleLine struct {
	id      int
	channel string
	at      time.Time
	data    []string
}

func readLine(t *testing.T, line []byte) (e sampleLine) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(line))
	_, _ = d.Token()
	for d.More() {
		name, _ := d.Token()
		value, err := d.Token()
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		text := fmt.Sprint(value)
		switch name {
		case "EventID":
			_, _ = fmt.Sscan(text, &e.id)
		case "Channel":
			e.channel = text
		case "TimeCreated":
			e.at, _ = time.Parse(time.RFC3339Nano, text)
		case "Computer", "RecordNumber":
		default:
			e.data = append(e.data, fmt.Sprint(name), text)
		}
	}
	return e
}
