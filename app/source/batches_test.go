package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// slowEvents is the oracle of batches: it has the whole text, and cuts one event at
// a time.
func slowEvents(text string) (got []read) {
	var c cutter
	rec, data, line := record.New(names), []byte(text), 1
	for len(data) > 0 {
		skip := len(data) - len(bytes.TrimLeft(data, space))
		length, event := skip, false
		var p part
		if c.pass(data[:skip]); skip == 0 {
			p = c.cut(data, true)
			length, event = p.length, p.event
		}
		if event {
			rec.Reset()
			err := record.Decode(bytes.TrimRight(data[:length], space), rec)
			if p.row {
				rec.Reset()
				err = record.DecodeJSONRow(bytes.TrimRight(data[:length], space), c.tables.now, rec)
			}
			got = append(got, read{line, id(rec), err != nil})
		}
		line += bytes.Count(data[:length], newline)
		data = data[length:]
	}
	if len(c.around) > 0 {
		got = append(got, read{line, "", true})
	}
	return got
}

// fragments are what random texts are made of: events, parts of events and what
// stands between them.
var fragments = []string{
	xmlEvent("1"), xmlEvent("2"), xmlEvent("3")[:70], "<e:Event><e:System/></e:Event>", "<Event/>", "</Event>", "</Event \n>", "<Event", "Event ",
	`{"id":4}`, `{"id":5,"l":[{"a":"}"},{}]}`, `{"id":6,`, `{"id":"7\"}`, "{\n\"id\":8}", "[", "]", ",", "{", "\"", classicEvent("9"), "1/2/2024\nLogName=x\n", "12\n",
	`{"took":1,"hits":{"total":3,"hits":[`, `{"_source":{"id":11}}`, `]}`, `],"x":[1]}`, `{"records":[{"id":12},{"id":13}],"next":null}`,
	`{"tables":[{"columns":[{"name":"id"},{"name":"t"}],"rows":[[14,"a"],["15","b"]]}]}`, `{"columns":["id"],"rows":[`, `[16]`, `[17,18]`,
	"Record 3\n", "Nov 20 09:00:01 host app: ", "----\n",
	"\n", "\n", "\r\n", " ", "noise", "<!-- x -->", "<?xml ?>", "<Events>", "<", ">", "\x00",
}

func randomText(r *rand.Rand) string {
	b := strings.Builder{}
	b.WriteString(xmlEvent("0")) // so that it passes for events
	for range r.IntN(12) {
		b.WriteString(fragments[r.IntN(len(fragments))])
	}
	return b.String()
}

// Whatever the size of batches and of reads, the events and their lines are those
// of the whole text.
func TestBatchesOfAnySizeHoldTheSameEvents(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 6000 {
		text := randomText(r)
		want := slowEvents(text)
		size := 1 + r.IntN(300)
		var got []read
		if _, err := (Source{size: size}).EachIn("in", iotest.HalfReader(strings.NewReader(text)), collect(t, &got)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q in batches of %d:\ngot  %v\nwant %v", text, size, got, want)
		}
	}
}

// slowTag is the oracle of firstTag: it looks at every place.
func slowTag(text, name []byte) (begin, end int) {
	for i := range text {
		if rest, found := bytes.CutPrefix(text[i:], append([]byte("</"), name...)); found {
			if rest = bytes.TrimLeft(rest, space); len(rest) > 0 && rest[0] == '>' {
				return -1, len(text) - len(rest) + 1
			}
		}
		if eventTag(text[i:]) > 0 {
			return i, -1
		}
	}
	return -1, -1
}

func TestFirstTag(t *testing.T) {
	parts := []string{"<", "</", "Event", "Event", "e:", "x", ">", " ", "/>", "EventID>", "\n", strings.Repeat("y", longestPrefix)}
	r := rand.New(rand.NewPCG(7, 8))
	for range 20000 {
		var b bytes.Buffer
		for range r.IntN(14) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		name := []byte([]string{"Event", "e:Event"}[r.IntN(2)])
		begin, end := firstTag(b.Bytes(), name)
		if wantBegin, wantEnd := slowTag(b.Bytes(), name); begin != wantBegin || end != wantEnd {
			t.Fatalf("%q, %s: %d, %d; want %d, %d", b.Bytes(), name, begin, end, wantBegin, wantEnd)
		}
	}
}

// Events without an end, and ends far away, are cut at the same places wherever
// the buffers end.
func TestLongEventsInBatchesOfAnySize(t *testing.T) {
	long := strings.Repeat("x ", patience/2)
	for name, text := range map[string]string{
		"long event":            "<Event>" + long + "</Event>" + xmlEvent("2"),
		"lost end, then XML":    "<Event>" + long + "<Event/>\n" + xmlEvent("2"),
		"lost end, then JSON":   "<Event>" + long + "\n{\"id\":1}\n" + xmlEvent("2"),
		"line in a long event":  "<Event>\n{\"id\":1}\n" + long + "</Event>" + xmlEvent("2"),
		"long noise":            xmlEvent("1") + long + long + long + "\n" + xmlEvent("2"),
		"long broken JSON":      "{\"id\":1]" + long + long + "\n" + xmlEvent("2"),
		"long comment":          xmlEvent("1") + "<!--" + long + "-->" + xmlEvent("2"),
		"bracket at a boundary": xmlEvent("1") + strings.Repeat("\n", 900) + "[\n" + strings.Repeat("\n", 2000) + "x",
	} {
		want := slowEvents(text)
		for _, size := range []int{1000, 64 << 10, record.PieceSize, 5 << 20} {
			var got []read
			if _, err := (Source{size: size}).EachIn("in", strings.NewReader(text), collect(t, &got)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s in batches of %d: %d events %v, want %d", name, size, len(got), got[:min(len(got), 9)], len(want))
			}
		}
	}
}

// manyTexts returns a text of n events with the ids 0 to n-1 for every way of
// cutting.
func manyTexts(n int) map[string]string {
	texts := map[string]string{}
	for name, event := range map[string]func(string) string{
		"XML": xmlEvent, "classic": classicEvent,
		"JSON": func(id string) string { return "{\"pad\":{\"a\":[1,{}]},\n\"id\":\"" + id + "\"}" },
		"CSV":  func(id string) string { return id + ",\"x\ny\"" },
	} {
		var b strings.Builder
		if name == "CSV" {
			b.WriteString("id,b\n")
		}
		for i := range n {
			b.WriteString(event(fmt.Sprint(i)) + "\n")
		}
		texts[name] = b.String()
	}
	return texts
}

// Batches are read on several goroutines, while others are cut, and freed when they
// are read: together they hold what Each gives.
func TestBatchesAreIndependent(t *testing.T) {
	for name, text := range manyTexts(4000) {
		var want []read
		if _, err := EachIn("in", strings.NewReader(text), collect(t, &want)); err != nil {
			t.Fatal(err)
		}
		got := map[int][]read{}
		var mutex sync.Mutex
		var readers sync.WaitGroup
		queue := make(chan *Batch)
		for range 3 {
			readers.Go(func() {
				for b := range queue {
					var events []read
					if err := b.Each(collect(t, &events)); err != nil || b.Events() != len(events) || len(events) == 0 {
						t.Errorf("%s: %d events of batch %d, %d counted, %v", name, len(events), b.Number, b.Events(), err)
					}
					mutex.Lock()
					got[b.Number] = events
					mutex.Unlock()
					b.Free()
				}
			})
		}
		stats, err := Source{size: 5000}.BatchesIn("in", strings.NewReader(text), func(b *Batch) error { queue <- b; return nil })
		close(queue)
		readers.Wait()
		if err != nil || stats.Files != 1 || stats.Events != 0 {
			t.Errorf("%s: %+v, %v", name, stats, err)
		}
		var joined []read
		for i := range len(got) {
			joined = append(joined, got[i]...)
		}
		if len(got) < 5 || !slices.Equal(joined, want) {
			t.Errorf("%s: %d events in %d batches, want %d", name, len(joined), len(got), len(want))
		}
	}
}

func TestABatchIsReadAsOftenAsOneLikes(t *testing.T) {
	for name, text := range manyTexts(5) {
		_, err := Source{}.BatchesIn("in", strings.NewReader(text), func(b *Batch) error {
			var first, second []read
			stop := errors.New("stop")
			if err := b.Each(func(Event) error { return stop }); !errors.Is(err, stop) || b.Events() != 1 {
				t.Errorf("%s: %d events, error %v", name, b.Events(), err)
			}
			_, _ = b.Each(collect(t, &first)), b.Each(collect(t, &second))
			if len(first) != 5 || !slices.Equal(first, second) {
				t.Errorf("%s: %v and %v", name, first, second)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestStringEnd(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 20000 {
		text := make([]byte, r.IntN(30))
		for i := range text {
			text[i] = "abcdefghijkl\x80\xff\x00\x0b\"\"\\\\\n#]"[r.IntN(22)]
		}
		next, found := stringEnd(text, 0)
		if wantNext, want := slowStringEnd(text); next != wantNext || found != want {
			t.Fatalf("%q: %d, %v; want %d, %v", text, next, found, wantNext, want)
		}
	}
}

// slowStringEnd is the oracle of stringEnd: it goes byte by byte.
func slowStringEnd(text []byte) (next int, found verdict) {
	escaped := false
	for i, c := range text {
		switch {
		case c == '\n':
			return i, no
		case escaped:
			escaped = false
		case c == '"':
			return i + 1, yes
		case c == '\\':
			escaped = true
		}
	}
	return len(text), unsure
}

// Files of different headers and forms take turns with the same memory.
func TestBatchesOfAFolder(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "a.csv", []byte("id,b\n1,x\n"))
	write(t, folder, "b.json", []byte(`{"id":2}`))
	write(t, folder, "c.csv", []byte("b,id\nx,3\n"))
	write(t, folder, "d.csv", []byte("id,b\n"))
	write(t, folder, "e.csv", []byte("b,id\nx,4\n"))
	var got []string
	stats, err := Source{}.Batches(folder, func(b *Batch) error {
		defer b.Free()
		return b.Each(func(e Event) error {
			var one []read
			_ = collect(t, &one)(e)
			got = append(got, fmt.Sprintln(b.Number, b.File == e.File, one[0].line, one[0].id))
			return nil
		})
	})
	want := []string{"0 true 2 1\n", "1 true 1 2\n", "2 true 2 3\n", "3 true 2 4\n"}
	if err != nil || stats.Files != 5 || !slices.Equal(got, want) {
		t.Errorf("got %q, %+v, %v; want %q", got, stats, err, want)
	}
}

// What was whole before a file breaks off is read before the error is told.
func TestEventsBeforeAReadErrorAreHandedOn(t *testing.T) {
	const n = 9000
	for name, text := range manyTexts(n) {
		for _, size := range []int{0, 1000} {
			broken := io.MultiReader(strings.NewReader(text), strings.NewReader("<Event>"), iotest.ErrReader(io.ErrClosedPipe))
			stats, err := Source{size: size}.EachIn("in", broken, func(Event) error { return nil })
			line := fmt.Sprintf("in at line %d:", 1+strings.Count(text, "\n"))
			if name == "classic" {
				line = "in at line" // its last event ends where another begins
			}
			if !errors.Is(err, io.ErrClosedPipe) || !strings.Contains(err.Error(), line) || stats.Events != n {
				t.Errorf("%s: %d events, want %d; error %v, want %q", name, stats.Events, n, err, line)
			}
		}
	}
}

// sysmonData is the body of a Sysmon event as wide as real ones are.
var sysmonData = "<Computer>pc1.example.test</Computer></System><EventData>" + strings.Repeat(`<Data Name="ParentCommandLine">C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule</Data>`, 12) + "</EventData></Event>"

// BenchmarkBatches measures the part of reading that one goroutine must do.
func BenchmarkBatches(b *testing.B) {
	xml := `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><EventID>1</EventID><EventRecordID>7</EventRecordID>` + sysmonData + "\n"
	json := `{"id":1,` + strings.Repeat(`"ParentCommandLine":"C:\\Windows\\system32\\svchost.exe -k netsvcs -p","n":12,`, 12) + `"o":{"a":[1,2]}}` + "\n"
	for name, text := range map[string]string{
		"lean": "id,a,b\n" + strings.Repeat("1,C:\\Windows\\System32\\svchost.exe -k netsvcs -p,x\n", 20000),
		"raw":  "id,_raw\n" + strings.Repeat(`1,"`+strings.ReplaceAll(xml, `"`, `""`)+"\"\n", 2000),
		"xml":  strings.Repeat(xml, 2000), "json": strings.Repeat(json, 2000), "classic": strings.Repeat(classicEvent("1"), 20000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				_, err := Source{}.BatchesIn("in", strings.NewReader(text), func(batch *Batch) error { batch.Free(); return nil })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
