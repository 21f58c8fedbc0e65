//go:build judge

package census

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/bits"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// TestSize says how large a census gets, from one that was counted: SIZE_CENSUS names the rows
// of some devices and days, SIZE_DAYS how many days. A fleet of more is as many copies of it,
// each of other devices: what is on a few devices only (mostRare) is another thing in each copy
// and in each stretch of days, as a tail and churn are; what is on more is the same in all.
func TestSize(t *testing.T) {
	name := os.Getenv("SIZE_CENSUS")
	if name == "" {
		t.Skip("SIZE_CENSUS names no census")
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	days := 28
	if _, err := fmt.Sscan(os.Getenv("SIZE_DAYS"), &days); err != nil {
		t.Log("28 days")
	}
	sample := func() *Census {
		c := New("root=schtask rebuilt=connected")
		if err := c.Read(bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		return c
	}
	one := sample().Devices()
	table := "| devices | days | rows | MB | MB packed (zstd) |\n|--:|--:|--:|--:|--:|\n"
	for _, size := range [][2]int{{1000, 28}, {1000, 84}, {10_000, 28}, {10_000, 84}} {
		whole := New("root=schtask rebuilt=connected")
		for copied := range (size[0] + one - 1) / one {
			for back := 0; back < size[1]; back += days {
				whole.Unite(copyOf(sample(), copied, back))
			}
		}
		rows := whole.Rows()
		plain, packed := sizeOf(t, rows)
		t.Logf("%d devices, %d days: %d bytes", size[0], size[1], plain)
		table += fmt.Sprintf("| %d | %d | %d | %.1f | %.1f |\n", whole.Devices(), size[1], len(rows), float64(plain)/1e6, float64(packed)/1e6)
	}
	t.Logf("from %d devices and %d days, %.2f MB\n%s", one, days, float64(len(text))/1e6, table)
}

// mostRare is on how many devices of the sample something is that is of those devices only.
const mostRare = 3

// copyOf makes another fleet's census of one, so many days earlier.
func copyOf(c *Census, copied, back int) *Census {
	n := New(c.Options)
	id := func(of ID) ID {
		return ID(bits.RotateLeft64(uint64(of), copied%63) ^ uint64(copied)*0x9e3779b97f4a7c15)
	}
	ago := event.Time(back) * event.Day
	earlier := func(at event.Time) event.Time {
		if at == event.NoTime {
			return at
		}
		return at - ago
	}
	other := fmt.Sprintf("-%d-%d", copied, back)
	name := func(text string, devices int) string {
		if devices <= mostRare && text != rarity.AnyTask {
			return text + other
		}
		return text
	}
	for of, w := range c.devices {
		w.First, w.Last, w.days = earlier(w.First), earlier(w.Last), w.days.ago(back)
		n.devices[id(of)] = w
	}
	move := func(t *thing) *thing {
		t.first, t.last, t.days = earlier(t.first), earlier(t.last), t.days.ago(back)
		for i := range t.on {
			p := &t.on[i]
			p.id, p.first, p.last, p.days = id(p.id), earlier(p.first), earlier(p.last), p.days.ago(back)
		}
		t.on = uniteParts(t.on, nil)
		for i := range t.many {
			t.many[i] = id(t.many[i])
		}
		t.many = uniteIDs(t.many, nil)
		if len(t.many) == 0 {
			t.many = nil
		}
		return t
	}
	spread := make(map[string]int)
	for template, t := range c.tasks {
		spread[template] = t.devices()
		n.tasks[name(template, t.devices())] = move(t)
	}
	for key, t := range c.facts {
		key.task, key.text = name(key.task, spread[key.task]), name(key.text, t.devices())
		n.facts[key] = move(t)
	}
	for a, last := range c.addresses {
		if back == 0 {
			a.address += other
			n.addresses[a] = last
		}
	}
	if back > 0 { // commands and chains are those of the last week
		return n
	}
	for from, to := range map[*map[uint64]*ran]map[uint64]*ran{&c.commands: n.commands, &c.chains: n.chains} {
		for key, r := range *from {
			if len(r.on) <= mostRare {
				key = bits.RotateLeft64(key, copied%63) ^ uint64(copied)*0x9e3779b97f4a7c15
			}
			for i := range r.on {
				r.on[i].id = id(r.on[i].id)
			}
			moved := &ran{}
			moved.unite(r)
			to[key] = moved
		}
	}
	return n
}

// ago are the same days so many days earlier.
func (d Days) ago(days int) Days {
	if !d.Empty() {
		d.last -= int32(days)
	}
	return d
}

func sizeOf(t *testing.T, rows []row.Row) (plain, packed int) {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, r := range rows {
		if err := w.Write(r.Values); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b.Len(), len(z.EncodeAll(b.Bytes(), nil))
}
