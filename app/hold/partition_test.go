package hold

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hold/sieve"
)

// maker makes random facts, and fills a plain store and a writer with the same.
type maker struct {
	*rand.Rand
	texts []string
}

func newMaker(seed uint64) *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 1))}
	for i := range 50 {
		m.texts = append(m.texts, fmt.Sprintf(`C:\Windows\System32\program%d.exe`, i))
	}
	m.texts = append(m.texts, strings.Repeat("0123456789abcdef", 4), strings.Repeat("0f", 20), strings.Repeat("0F", 20), strings.Repeat("x", 10_000), "\xff\x00", "-")
	return m
}

// fill sets every field of v that has a meaning of its own, each with a chance.
func (m *maker) fill(v reflect.Value, symbols *event.Symbols) {
	for i := range v.NumField() {
		f := v.Field(i)
		switch at := f.Addr().Interface().(type) {
		case *event.Sym:
			*at = symbols.Intern([]byte(m.text()))
		case *event.Address:
			*at = m.address()
		case *event.ID:
			*at = m.id(symbols)
		case *event.Style, *event.Direction:
			f.SetUint(m.Uint64N(4))
		case *event.Act:
			f.SetUint(m.Uint64N(14))
		case *bool:
			*at = m.IntN(2) == 0
		default:
			m.value(f, symbols)
		}
	}
	if ref, isRef := v.Addr().Interface().(*event.Ref); isRef && ref.ID.IsZero() {
		ref.Style, ref.Rival = 0, false // without an id they are nothing
	}
}

func (m *maker) value(f reflect.Value, symbols *event.Symbols) {
	switch f.Kind() {
	case reflect.Struct:
		m.fill(f, symbols)
	case reflect.Int64:
		f.SetInt([]int64{0, 1, -1, 1 << 62, -1 << 63, 134_000_000_000_000_000 + m.Int64N(1e12)}[m.IntN(6)])
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		f.SetUint(m.Uint64() >> (64 - f.Type().Bits()) >> m.IntN(f.Type().Bits()))
	default:
		panic("no value for " + f.Type().String())
	}
}

func (m *maker) text() string {
	switch m.IntN(8) {
	case 0, 1:
		return ""
	case 2:
		return fmt.Sprintf("%032x", m.Uint64())
	case 3:
		return fmt.Sprint("once ", m.Uint64(), m.Uint64(), m.Uint64(), m.Uint64()) // which no page can make small
	}
	return m.texts[m.IntN(len(m.texts))]
}

func (m *maker) address() event.Address {
	b := make([]byte, []int{4, 16}[m.IntN(2)])
	for i := range b {
		b[i] = byte(m.Uint32())
	}
	a, _ := netip.AddrFromSlice(b)
	return []event.Address{{}, event.NewAddress(a)}[m.IntN(2)]
}

func (m *maker) id(symbols *event.Symbols) event.ID {
	switch m.IntN(3) {
	case 0:
		return event.ID{}
	case 1:
		return event.TextID(symbols.Intern([]byte(m.text())))
	}
	return event.ID{Hi: m.Uint64() >> 1, Lo: m.Uint64()}
}

// add adds one random event to a sink, the same for the same state of the maker.
func (m *maker) add(to event.Sink) {
	devices := []int{300, 4, 4, 4}[m.IntN(4)] // a few have most of it, and fill their pages
	number := m.IntN(devices)
	device := to.Interner().Intern(fmt.Appendf(nil, "device%d", number))
	name := to.Interner().Intern(fmt.Appendf(nil, "%s%d", []string{"device", "Device", "DEVICE", "shown as "}[m.IntN(4)], number))
	switch m.IntN(4) {
	case 3:
		var k event.Task
		m.fill(reflect.ValueOf(&k).Elem(), to.Interner())
		k.Device, k.DeviceName = device, name
		to.AddTask(&k)
	case 0:
		var p event.Process
		m.fill(reflect.ValueOf(&p).Elem(), to.Interner())
		p.Device, p.DeviceName = device, name
		to.AddProcess(&p)
	case 1:
		var e event.End
		m.fill(reflect.ValueOf(&e).Elem(), to.Interner())
		e.Device, e.DeviceName = device, name
		to.AddEnd(&e)
	default:
		var c event.Connection
		m.fill(reflect.ValueOf(&c).Elem(), to.Interner())
		c.Device, c.DeviceName = device, name
		to.AddConnection(&c)
	}
}

// told writes an event down with its texts in place of its symbols.
func told(v reflect.Value, symbols *event.Symbols) string {
	switch at := v.Interface().(type) {
	case event.Sym:
		return fmt.Sprintf("%q", symbols.Bytes(at))
	case event.ID:
		if text, isText := at.Text(); isText {
			return "text " + symbols.String(text)
		}
		return fmt.Sprint(at)
	case event.Address:
		return at.Addr().String()
	}
	if v.Kind() != reflect.Struct {
		return fmt.Sprint(v.Interface())
	}
	var b strings.Builder
	for i := range v.NumField() {
		fmt.Fprintf(&b, "%s=%s ", v.Type().Field(i).Name, told(v.Field(i), symbols))
	}
	return b.String()
}

func toldAll(s *event.Store) (all []string) {
	for _, p := range s.Processes {
		all = append(all, "process "+told(reflect.ValueOf(p), s.Symbols))
	}
	for _, e := range s.Ends {
		all = append(all, "end "+told(reflect.ValueOf(e), s.Symbols))
	}
	for _, c := range s.Connections {
		all = append(all, "connection "+told(reflect.ValueOf(c), s.Symbols))
	}
	for _, k := range s.Tasks {
		all = append(all, "task "+told(reflect.ValueOf(k), s.Symbols))
	}
	return all
}

// What was put in comes out, every field of it, whatever spills.
func TestNothingIsLost(t *testing.T) {
	for name, limit := range map[string]Limit{
		"in memory": {}, "all spilled": {Bytes: 1, Folder: t.TempDir()}, "some spilled": {Bytes: 1 << 20, Folder: t.TempDir()},
	} {
		t.Run(name, func(t *testing.T) {
			const events, lanes = 6000, 3
			want, set := event.NewStore(), NewSet(limit)
			for lane := range lanes {
				plain, packed := newMaker(uint64(lane)), newMaker(uint64(lane))
				w := set.Writer()
				for range events {
					plain.add(want)
					packed.add(w)
				}
				if w.Err() != nil {
					t.Fatal(w.Err())
				}
			}
			got, partitions := readAll(t, set)
			if expected := toldAll(want); !sameStrings(got, expected) {
				t.Fatalf("%d events went in, %d came out, or not the same", len(expected), len(got))
			}
			if partitions < 100 {
				t.Errorf("300 devices in %d partitions only", partitions)
			}
			if spilled := set.Spilled() > 0; spilled != (limit.Bytes > 0) {
				t.Errorf("%d bytes spilled", set.Spilled())
			}
			if limit.Folder != "" {
				wantEmpty(t, limit.Folder) // the file has no name while it is in use
			}
			if err := set.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// readAll reads all partitions and checks that no device is in two.
func readAll(t *testing.T, set *Set) (all []string, used int) {
	t.Helper()
	r, homes := set.Reader(), map[string]int{}
	for i := range Count {
		read, err := r.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		s := read.Store
		part := toldAll(s)
		for _, p := range s.Processes {
			device := s.Symbols.String(p.Device)
			if home, known := homes[device]; known && home != i {
				t.Fatalf("%s is in partitions %d and %d", device, home, i)
			}
			homes[device] = i
		}
		if len(part) > 0 {
			used++
		}
		all = append(all, part...)
	}
	return all, used
}

func sameStrings(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func wantEmpty(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Errorf("%s is still there", e.Name())
	}
}

// Rows come back as they were added, whatever their numbers.
func TestRows(t *testing.T) {
	m := newMaker(7)
	set := NewSet(Limit{})
	writers := []*Writer{set.Writer(), set.Writer()}
	want := map[RowKeys]int{}
	hashes := map[uint64]int{}
	number := func() uint32 { return uint32(m.Uint64() >> (32 + m.IntN(33))) }
	for range 20_000 {
		w := writers[m.IntN(2)]
		device, _ := w.Device([]byte(fmt.Sprint("host-", m.IntN(300))))
		row := RowKeys{Origin: Origin{Plan: number() * uint32(m.IntN(2)), File: 1 + int32(m.IntN(3)), At: int64(m.Uint64() >> m.IntN(64))}}
		row.Self, row.Other, row.PID, row.ParentPID = m.Uint64(), m.Uint64(), number(), number()
		row.Flags = sieve.Flags(m.IntN(256)) &^ sieve.Read
		at := event.NoTime
		if isTimed(row.Flags) {
			row.ParentPID, at = 0, event.Time(m.Int64()>>m.IntN(64))
		}
		if w.AddRow(device, &row, at); row.Time != at {
			t.Fatalf("an end at %d is known by %d", at, row.Time)
		}
		want[row]++
		hashes[device.Hash]++
	}
	reader := set.Reader()
	for i := range Count {
		part, err := reader.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range slices.Concat(part.Rows, part.Tasks) {
			row.Row = 0
			want[row]--
		}
		part.EachDevice(func(rows Rows) { hashes[rows.Device] -= len(rows.Entries) })
		part.EachTasks(func(rows TaskRows) { hashes[rows.Device] -= len(rows.Entries) })
	}
	for row, n := range want {
		if n != 0 {
			t.Errorf("%+v: %d are missing", row, n)
		}
	}
	for device, n := range hashes {
		if n != 0 {
			t.Errorf("device %x: %d rows are missing", device, n)
		}
	}
}
