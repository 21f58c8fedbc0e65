package census

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

const (
	options  = "root=schtask rebuilt=connected"
	firstDay = 20_700
)

func instant(day, second int) event.Time {
	return event.Time(day)*event.Day + event.Time(1+second)*event.Second
}

// random is a census of some of 150 devices over some of 100 days.
func random(rng *rand.Rand) *Census {
	c := New(options)
	var ids []ID
	for range 1 + rng.IntN(150) {
		id := IDOf(fmt.Sprintf("device-%d", rng.IntN(150)))
		day := firstDay + rng.IntN(100)
		first, last := instant(day, rng.IntN(40_000)), instant(day, 40_000+rng.IntN(40_000))
		c.watched(id, &watch{Watched: rarity.Watched{First: first, Last: last, Kinds: uint8(rng.IntN(128))}, days: between(first, last)})
		ids = append(ids, id)
	}
	for range rng.IntN(12) {
		template := fmt.Sprintf("c:\\tool%d.exe \"<*>\", a\r\nb", rng.IntN(8))
		unite(c.tasks, template, randomThing(rng, ids))
		for range rng.IntN(6) {
			key := factKey{template, rarity.Kind(rng.IntN(rarity.Kinds)), fmt.Sprintf("fact %d\x00\xff", rng.IntN(4))}
			unite(c.facts, key, randomThing(rng, ids))
			if key.kind == rarity.Destination {
				c.noteCalls(called{template, key.text, instant(firstDay+100, 0)}, ids[rng.IntN(len(ids))], randomCalls(rng))
			}
		}
		facts := make([]byte, shapeBytes*rng.IntN(3))
		c.shapes[shape{taskID(template), base64.RawURLEncoding.EncodeToString(facts), fmt.Sprintf("note %d", rng.IntN(3)), instant(firstDay+100, 0)}] = struct{}{}
	}
	for range rng.IntN(6) {
		name := ""
		if rng.IntN(4) > 0 {
			name = fmt.Sprintf("name%d.example", rng.IntN(3))
		}
		c.answered(answer{fmt.Sprintf("192.0.2.%d", rng.IntN(5)), name}, instant(firstDay+rng.IntN(90), 7))
		c.Command(fmt.Sprintf("cmd.exe\x00c %d", rng.IntN(9)), instant(firstDay+rng.IntN(90), 7), ids[:rng.IntN(len(ids))+1])
		c.Chain(ChainOf(uint64(rng.IntN(3)), "x.exe"), instant(firstDay+rng.IntN(90), 7), ids[:rng.IntN(len(ids))+1])
	}
	return c
}

func randomCalls(rng *rand.Rand) *calls {
	one := &calls{contacts: &beacon.Contacts{}}
	for range 1 + rng.IntN(30) {
		one.contacts.Add(beacon.Contact{Time: instant(firstDay+rng.IntN(90), rng.IntN(80_000)), Run: int32(rng.IntN(5)), Weight: int32(rng.IntN(3))})
	}
	for range rng.IntN(4) {
		one.hosts = rarity.Hosts(one.hosts, []uint32{rng.Uint32N(9)})
	}
	return one
}

func randomThing(rng *rand.Rand, ids []ID) *thing {
	t := &thing{}
	for range 1 + rng.IntN(len(ids)) {
		day := firstDay + rng.IntN(100)
		p := part{id: ids[rng.IntN(len(ids))], first: instant(day, rng.IntN(80_000)), days: Day(day)}
		p.last = p.first + event.Time(rng.IntN(2))*event.Second
		p.days = Day(rarity.DayOf(p.last)).Union(Day(rarity.DayOf(p.first)))
		p.names = int32(rng.IntN(3))
		if rng.IntN(3) == 0 {
			v := func() beacon.Verdict {
				return Rounded(beacon.Verdict{Bits: 120*rng.Float64() - 60, Score: rng.Float64(), Period: 1e5 * rng.Float64(), Jitter: rng.Float64(), Count: rng.IntN(50), Kind: beacon.Kind(rng.IntN(3)), Known: rng.IntN(2) == 0})
			}
			p.told = &beacon.Verdicts{Runs: v(), Inside: v()}
		}
		t.unite(&thing{first: p.first, last: p.last, days: p.days, on: []part{p}})
	}
	return t
}

// file is a census as a file.
func file(censuses ...*Census) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(Header.Names)
	for _, c := range censuses {
		for _, r := range c.Rows() {
			_ = w.Write(r.Values)
		}
	}
	w.Flush()
	return b.String()
}

func read(t *testing.T, text string) *Census {
	t.Helper()
	c := New(options)
	if err := c.Read(strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	return c
}

// What is read is what was written, to the byte.
func TestRowsAreReadAsTheyWereWritten(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		want := file(random(rng))
		if got := file(read(t, want)); got != want {
			t.Fatalf("wrote\n%.3000s\nand read\n%.3000s", want, got)
		}
	}
}

// Union has no order, no groups and no count: the laws by which any number of runs may
// write side by side.
func TestUnionIsASet(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 30 {
		parts := []string{file(random(rng)), file(random(rng)), file(random(rng))}
		union := func(order ...int) string {
			c := New(options)
			for _, i := range order {
				c.Unite(read(t, parts[i]))
			}
			return file(c)
		}
		want := union(0, 1, 2)
		for _, order := range [][]int{{2, 1, 0}, {1, 0, 2, 0, 1}, {0, 0, 1, 1, 2, 2}} {
			if got := union(order...); got != want {
				t.Fatalf("union in the order %v is other than in order", order)
			}
		}
		behind := read(t, parts[1])
		behind.Unite(read(t, parts[2]))
		first := read(t, parts[0])
		if first.Unite(behind); file(first) != want {
			t.Fatal("the union of a first with that of the others is another")
		}
		if got := file(read(t, shuffled(rng, parts[0], parts[1], parts[2], parts[1]))); got != want {
			t.Fatal("the rows of all, mixed, are another union")
		}
	}
}

// shuffled puts the rows of files into one, in any order.
func shuffled(rng *rand.Rand, files ...string) string {
	var rows [][]string
	for _, f := range files {
		all, _ := csv.NewReader(strings.NewReader(f)).ReadAll()
		rows = append(rows, all[1:]...)
	}
	rng.Shuffle(len(rows), func(a, b int) { rows[a], rows[b] = rows[b], rows[a] })
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(Header.Names)
	_ = w.WriteAll(rows)
	return b.String()
}

// A thing is on one of three levels by how many devices it is on, whatever came first.
func TestManyDevices(t *testing.T) {
	whole := &thing{first: 1, last: 2, days: Day(firstDay)}
	for i := range MostExact + 500 {
		whole.many = append(whole.many, IDOf(fmt.Sprint(i)))
	}
	slices.Sort(whole.many)
	parts := func() (all []*thing) {
		for some := range slices.Chunk(whole.many, 7000) {
			all = append(all, &thing{first: 1, last: 2, days: Day(firstDay), many: slices.Clone(some)})
		}
		return all
	}
	forward, backward := &thing{}, &thing{}
	for _, p := range parts() {
		forward.unite(p)
	}
	for _, p := range slices.Backward(parts()) {
		backward.unite(p)
		backward.unite(p)
	}
	if forward.sketch == nil || !slices.Equal(forward.sketch, backward.sketch) || forward.many != nil {
		t.Error("the sketch of parts depends on their order")
	}
	if n := forward.devices(); float64(n) < (1-SketchError)*(MostExact+500) || float64(n) > (1+SketchError)*(MostExact+500) {
		t.Errorf("%d devices of %d", n, MostExact+500)
	}
	few := &thing{}
	few.unite(parts()[2])
	if few.sketch != nil || few.devices() != MostExact+500-14000 {
		t.Errorf("%d devices are not kept exactly", few.devices())
	}
}

// The estimate is within its bound for up to 10^6 devices.
func TestSketchError(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: 10^6 devices are not added")
	}
	worst := 0.0
	for seed := range 3 {
		s, added := NewSketch(), 0
		for _, n := range []int{1000, 5000, 12_000, 20_000, 100_000, 1_000_000} {
			for ; added < n; added++ {
				s.Add(IDOf(fmt.Sprintf("%d/%d", seed, added)))
			}
			off := float64(s.Estimate())/float64(n) - 1
			worst = max(worst, off, -off)
		}
	}
	t.Logf("off by at most %.1f %%", 100*worst)
	if worst > SketchError {
		t.Errorf("off by %.3f, stated are %.3f", worst, SketchError)
	}
}

// What is old leaves, and what refers to it; what is not stays as it was.
func TestAge(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		c := random(rng)
		before := file(c)
		now := instant(firstDay+100, 0)
		c.Age(Limits{Now: now, Days: 1000})
		if file(c) != before {
			t.Fatal("what is young enough changed")
		}
		for s := range c.shapes {
			s.now += event.Second
			c.shapes[s] = struct{}{}
		}
		for key, on := range maps.Clone(c.calls) {
			key.now += event.Second
			c.calls[key] = on
		}
		c.Age(Limits{Now: now, Days: 1000})
		if file(c) != before {
			t.Fatal("what hunts up to another instant noted is still there")
		}
		c.Age(Limits{Now: now, Days: 30, Lookback: now - 7*event.Day})
		since := now - 30*event.Day
		for key, fact := range c.facts {
			if fact.last < since || fact.devices() == 0 || c.tasks[key.task] == nil {
				t.Fatalf("fact %v of %d devices is there, last seen %s", key, fact.devices(), fact.last.Epoch())
			}
		}
		for id, w := range c.devices {
			if w.days.Empty() || w.days.From(rarity.DayOf(since)) != w.days {
				t.Fatalf("device %x is there with %v", id, w.days)
			}
		}
		read(t, file(c)) // whatever was left out, what is left refers to nothing that is gone
	}
}
