package census

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Header is the columns of the rows: when it was last seen; census; the run that wrote it;
// what it is (run, device, task, child, destination, user, hash, trait, claim, address,
// command, chain, shape, contacts); the task that it is of; what it is called; on how many devices, and on how
// many days of these; when it was first seen; and the rest, packed. Times are epoch seconds.
var Header = row.NewHeader([]string{"_time", "row", "run", "kind", "task", "key", "devices", "device_days", "first_seen", "detail"})

// kinds are the kinds of facts as rows spell them: they must never change.
var kinds = [rarity.Kinds]string{"child", "destination", "user", "hash", "trait", "claim"}

// line is a row before it is one.
type line struct {
	last            event.Time
	kind, task, key string
	devices, days   int // left empty when 0
	first           event.Time
	detail          string
}

// writer writes the rows of one run.
type writer struct {
	*Census
	number map[ID]int
	lines  []line
}

// Rows returns the census as rows of one run, whose id is a digest of what they say: the
// same census is the same rows, whoever united it. Without devices there are none.
func (c *Census) Rows() []row.Row {
	if len(c.devices) == 0 {
		return nil
	}
	w := &writer{Census: c, number: make(map[ID]int, len(c.devices))}
	for i, id := range slices.Sorted(maps.Keys(c.devices)) {
		w.number[id] = i
		w.device(id, c.devices[id])
	}
	for template, t := range c.tasks {
		w.thing("task", taskID(template), template, t)
	}
	for key, t := range c.facts {
		w.thing(kinds[key.kind], taskID(key.task), key.text, t)
	}
	for a, last := range c.addresses {
		w.lines = append(w.lines, line{kind: "address", key: strings.TrimSpace(a.address + " " + a.name), last: last})
	}
	w.rans("command", c.commands)
	w.rans("chain", c.chains)
	for shape := range c.shapes {
		w.lines = append(w.lines, line{kind: "shape", task: shape.task, key: shape.note, last: shape.now, detail: shape.facts})
	}
	for key, all := range c.calls {
		w.called(key, all)
	}
	return w.rows()
}

// rows puts the lines in order, with the one that heads them.
func (w *writer) rows() []row.Row {
	slices.SortFunc(w.lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.task, b.task), cmp.Compare(a.key, b.key), cmp.Compare(a.detail, b.detail))
	})
	first, last := w.Span()
	head := line{
		kind: "run", task: strconv.Itoa(Version), key: w.Options, devices: len(w.devices), first: first, last: last, detail: strconv.Itoa(len(w.lines)),
	}
	sums := make([]uint64, len(w.lines))
	cells := make([][]string, 0, len(w.lines)+1)
	cells = append(cells, head.cells())
	for i := range w.lines {
		cells = append(cells, w.lines[i].cells())
		sums[i] = sumOf(cells[i+1])
	}
	run := runID(cells[0], sums)
	rows := make([]row.Row, len(cells))
	for i := range cells {
		cells[i][atRun] = run
		rows[i] = Header.Row(cells[i])
	}
	return rows
}

// Where the columns stand.
const (
	atTime = iota
	_
	atRun
	atKind
	atTask
	atKey
	atDevices
	atDays
	atFirst
	atDetail
	columns
)

func (l *line) cells() []string {
	return []string{l.last.Epoch(), "census", "", l.kind, l.task, escape(l.key), count(l.devices), count(l.days), l.first.Epoch(), l.detail}
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// sumOf is a digest of the cells of a row, its run aside.
func sumOf(cells []string) uint64 {
	hash := sha256.New()
	for i, c := range cells {
		if i != atRun {
			hash.Write([]byte(c))
			hash.Write([]byte{0})
		}
	}
	return binary.BigEndian.Uint64(hash.Sum(nil))
}

// runID is that of a run with such a head, and rows with such digests in any order.
func runID(head []string, sums []uint64) string {
	slices.Sort(sums)
	hash := sha256.New()
	hash.Write(binary.BigEndian.AppendUint64(nil, sumOf(head)))
	for _, s := range sums {
		hash.Write(binary.BigEndian.AppendUint64(nil, s))
	}
	return hex.EncodeToString(hash.Sum(nil)[:8])
}

func (w *writer) device(id ID, d *watch) {
	var p packer
	p.number(uint64(d.Kinds))
	p.daysNear(d.days, d.Last)
	w.lines = append(w.lines, line{
		kind: "device", key: hex.EncodeToString(binary.BigEndian.AppendUint64(nil, uint64(id))),
		days: d.days.Count(), first: d.First, last: d.Last, detail: p.text(),
	})
}

// daysNear packs days, the last of which is about that of an instant.
func (p *packer) daysNear(d Days, last event.Time) {
	p.signed(int64(d.last) - int64(rarity.DayOf(last)))
	d.append(p)
}

// How a thing's devices are packed; the first number of its detail.
const (
	fewDevices = iota
	manyDevices
	sketched
)

func (w *writer) thing(kind, task, key string, t *thing) {
	var p packer
	switch {
	case t.sketch != nil:
		p.number(sketched)
		p.daysNear(t.days, t.last)
		p.bytes = append(p.bytes, t.sketch...)
	case t.many != nil:
		p.number(manyDevices)
		p.daysNear(t.days, t.last)
		p.set(w.numbers(t.many))
	default:
		p.number(fewDevices)
		p.number(uint64(len(t.on)))
		before := 0
		for i := range t.on {
			number := w.number[t.on[i].id]
			p.number(uint64(number - before))
			before = number
			p.part(&t.on[i], t)
		}
	}
	w.lines = append(w.lines, line{
		kind: kind, task: task, key: key, devices: t.devices(), days: t.deviceDays(), first: t.first, last: t.last, detail: p.text(),
	})
}

func (w *writer) numbers(ids []ID) []int {
	numbers := make([]int, len(ids))
	for i, id := range ids {
		numbers[i] = w.number[id]
	}
	return numbers
}

// What a part has besides its times, as bits.
const (
	hasNames = 1 << iota
	hasVerdict
	sinceFirst // its first time is the thing's
	tillLast   // its last time is the thing's
	everyBit   = 1<<iota - 1
)

func (p *packer) part(a *part, t *thing) {
	flags := 0
	for i, has := range []bool{a.names > 0, a.told != nil, a.first == t.first, a.last == t.last} {
		if has {
			flags |= 1 << i
		}
	}
	p.number(uint64(flags))
	if flags&sinceFirst == 0 {
		p.number(uint64((a.first - t.first) / event.Second))
	}
	if flags&tillLast == 0 {
		p.number(uint64((t.last - a.last) / event.Second))
	}
	p.daysNear(a.days, a.last)
	if a.names > 0 {
		p.number(uint64(a.names))
	}
	if a.told != nil {
		p.verdict(a.told.Runs)
		p.verdict(a.told.Inside)
	}
}

// ranInRow is how many commands or chains share a row.
const ranInRow = 64

// rans writes commands or chains, by their digests: what each was is no matter.
func (w *writer) rans(kind string, all map[uint64]*ran) {
	for some := range slices.Chunk(slices.Sorted(maps.Keys(all)), ranInRow) {
		var p packer
		before := uint64(0)
		last := int32(0)
		for _, key := range some {
			for _, d := range all[key].on {
				last = max(last, d.day)
			}
		}
		for _, key := range some {
			p.number(key - before)
			before = key
			w.ran(&p, all[key], last)
		}
		w.lines = append(w.lines, line{
			kind: kind, key: strconv.FormatUint(some[0], 16), devices: 0, days: len(some), last: event.Time(last) * event.Day, detail: p.text(),
		})
	}
}

// ran packs the devices by the last day on which they had it, the latest first.
func (w *writer) ran(p *packer, r *ran, last int32) {
	byDay := make(map[int32][]int)
	for _, d := range r.on {
		byDay[d.day] = append(byDay[d.day], w.number[d.id])
	}
	p.number(uint64(len(byDay)))
	for _, day := range slices.Backward(slices.Sorted(maps.Keys(byDay))) {
		p.number(uint64(last - day))
		p.set(byDay[day])
	}
}
