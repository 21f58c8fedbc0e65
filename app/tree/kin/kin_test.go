package kin_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/tree/kin"
)

// world is what the readers of a made-up fleet see.
type world struct {
	children []kin.Child
	writers  [][2]uint64
}

func hash(format string, values ...any) uint64 { return kin.Hash(fmt.Appendf(nil, format, values...)) }

// newWorld makes few devices with few hosts that run few commands, so that all meet.
func newWorld(r *rand.Rand) (w world) {
	for device := range uint64(3 + r.IntN(7)) {
		if r.IntN(3) == 0 {
			w.writers = append(w.writers, [2]uint64{device + 1, r.Uint64N(4) + 1})
		}
		for host := range uint64(1 + r.IntN(4)) {
			class := []kin.Class{kin.Open, kin.Open, kin.Open, kin.Scheduler, kin.Scheduler, kin.Scheduler, kin.Scheduler, kin.Service, kin.Other}[r.IntN(7+2*r.IntN(2))]
			from, many := r.IntN(2), 2+r.IntN(4)
			for range r.IntN(6) {
				c := kin.Child{Device: device + 1, Host: hash("%d of %d", host, device), PID: uint32(host + 1), Class: class, What: hash("job %d", from+r.IntN(many))}
				if r.IntN(40) == 0 {
					c.Class = []kin.Class{kin.Scheduler, kin.Service, kin.Unknown}[r.IntN(3)]
				}
				w.children = append(w.children, c)
			}
		}
	}
	return w
}

// judged tells the world to some readers, in any order, some of it twice.
func (w world) judged(r *rand.Rand, readers int) *kin.Kin {
	all := make([]*kin.Witness, readers)
	for i := range all {
		all[i] = kin.NewWitness()
	}
	for _, i := range r.Perm(len(w.children)) {
		for range 1 + r.IntN(2) {
			all[r.IntN(readers)].Child(&w.children[i])
		}
	}
	for _, one := range w.writers {
		all[r.IntN(readers)].Writer(one[0], uint32(one[1]))
	}
	return kin.Judge(all)
}

// class is what all children together say of a host.
func (w world) class(host uint64) (is kin.Class) {
	for _, c := range w.children {
		if c.Host == host && (c.Class == kin.Scheduler || c.Class == kin.Service) {
			is = max(is, c.Class)
		}
	}
	return is
}

// logs returns whether a device has the scheduler's log, and whether a process id wrote it.
func (w world) logs(device uint64, pid uint32) (has, wrote bool) {
	for _, one := range w.writers {
		has = has || one[0] == device
		wrote = wrote || one == [2]uint64{device, uint64(pid)}
	}
	return has, wrote
}

// speaks says, the slow way, whether only the scheduler starts a command, and whether only
// other services do.
func (w world) speaks(what uint64) (forScheduler, forService bool) {
	by, aside := map[uint64]bool{}, map[uint64]bool{}
	someOther, service := false, false
	for _, c := range w.children {
		if c.What != what {
			continue
		}
		is := c.Class
		if known := w.class(c.Host); is == kin.Open && known != kin.Unknown {
			is = known
		}
		has, wrote := w.logs(c.Device, c.PID)
		switch {
		case c.Class == kin.Open && has && wrote:
			by[c.Device] = true
		case c.Class == kin.Open && has:
			aside[c.Device] = true
		}
		switch is {
		case kin.Scheduler:
			by[c.Device] = true
		case kin.Service:
			someOther, service = true, true
		case kin.Other:
			someOther = true
		}
	}
	return len(by) >= 2 && 20*len(aside) <= len(by) && !someOther, service && len(by) == 0
}

func (w world) isKin(host uint64) bool {
	whats, device := map[uint64]bool{}, uint64(0)
	for _, c := range w.children {
		if c.Host == host && c.Class == kin.Open {
			whats[c.What], device = true, c.Device
		}
	}
	has, _ := w.logs(device, 0)
	if has || w.class(host) != kin.Unknown {
		return false
	}
	witnesses := 0
	for what := range whats {
		speaks, against := w.speaks(what)
		if against {
			return false
		}
		if speaks {
			witnesses++
		}
	}
	return witnesses >= 2
}

// In whatever order, on however many readers and how often things are told, the same hosts
// are kin: those that the slow rule finds.
func TestKin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	are := 0
	for n := range 1000 {
		w := newWorld(r)
		hosts := map[uint64]bool{}
		for _, c := range w.children {
			hosts[c.Host] = true
		}
		found := 0
		k := w.judged(r, 1+r.IntN(4))
		for host := range hosts {
			want := w.isKin(host)
			if k.Has(host) != want {
				t.Fatalf("world %d: host %x is kin: %t, want %t\n%+v\n%v", n, host, k.Has(host), want, w.children, w.writers)
			}
			if want {
				found++
			}
		}
		if k.Report.Kin != found || k.Report.Lost != 0 {
			t.Fatalf("world %d: %+v, want %d", n, k.Report, found)
		}
		are += found
	}
	if are < 100 {
		t.Errorf("%d hosts are kin: these worlds test little", are)
	}
}

// One witness is none, be it one command or one device; and nobody is kin of nobody.
func TestNeverOneWitness(t *testing.T) {
	child := func(device uint64, host string, class kin.Class, what string) kin.Child {
		return kin.Child{Device: device, Host: hash("%s", host), PID: 7, Class: class, What: hash("%s", what)}
	}
	two := []kin.Child{child(1, "a", kin.Scheduler, "x"), child(1, "a", kin.Scheduler, "y"), child(2, "b", kin.Scheduler, "x"), child(2, "b", kin.Scheduler, "y")}
	open := []kin.Child{child(3, "c", kin.Open, "x"), child(3, "c", kin.Open, "y")}
	for name, c := range map[string]struct {
		children []kin.Child
		is       bool
	}{
		"two things on two devices":  {append(two[:4:4], open...), true},
		"one thing":                  {append(two[:4:4], open[0]), false},
		"one device":                 {append(two[:2:2], open...), false},
		"a person runs one too":      {append(append(two[:4:4], open...), child(4, "", kin.Other, "X")), false},
		"another service's thing":    {append(append(two[:4:4], open...), child(3, "c", kin.Open, "z"), child(5, "s", kin.Service, "z")), false},
		"a host that has no id":      {append(two[:4:4], kin.Child{Device: 3, Class: kin.Open, What: hash("x")}), false},
		"what has no command line":   {append(two[:4:4], child(3, "c", kin.Open, ""), child(3, "c", kin.Open, "")), false},
		"the host is told elsewhere": {append(append(two[:4:4], open...), child(3, "c", kin.Service, "w")), false},
	} {
		t.Run(name, func(t *testing.T) {
			k := world{children: c.children}.judged(rand.New(rand.NewPCG(2, 2)), 2)
			if k.Has(hash("c")) != c.is {
				t.Errorf("it is kin: %t", !c.is)
			}
		})
	}
	if k := kin.Judge(nil); k.Has(1) {
		t.Error("nobody has kin")
	}
}

// A host that runs without end what differs each time is remembered in part, and the part
// does not depend on order; made-up hosts beyond the bound are counted.
func TestBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var w world
	for i := range 500 {
		for device := range uint64(2) {
			w.children = append(w.children, kin.Child{Device: device, Host: hash("h%d", device), Class: kin.Scheduler, What: hash("job %d", i)})
		}
		w.children = append(w.children, kin.Child{Device: 9, Host: hash("open"), Class: kin.Open, What: hash("job %d", i%3*7+i)})
	}
	for range 5 {
		if !w.judged(r, 3).Has(hash("open")) {
			t.Fatal("it is no kin")
		}
	}
	many := kin.NewWitness()
	for i := range uint64(1<<18 + 10) {
		many.Child(&kin.Child{Device: 1, Host: i + 1, Class: kin.Open, What: 5})
	}
	if many.Lost != 10 {
		t.Errorf("%d lost", many.Lost)
	}
}

// A command line has one hash in any case of its letters, and another with any other byte.
func TestHash(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	seen := map[uint64]string{}
	for range 20_000 {
		text := make([]byte, 1+r.IntN(40))
		for i := range text {
			text[i] = byte(r.IntN(256))
		}
		ascii := func(c rune) rune {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			return c
		}
		lower := make([]byte, len(text))
		for i, c := range text {
			lower[i] = byte(ascii(rune(c)))
		}
		at := kin.Hash(text)
		if at == 0 || at != kin.Hash(lower) {
			t.Fatalf("%q is %x, and %x in lower case", text, at, kin.Hash(lower))
		}
		if other, known := seen[at]; known && other != string(lower) {
			t.Fatalf("%q and %q have one hash", lower, other)
		}
		seen[at] = string(lower)
	}
	if kin.Hash(nil) != 0 || kin.Hash([]byte("ab")) == kin.Hash([]byte("ab\x00")) {
		t.Error("a byte of 0 is none")
	}
	if kin.Hash([]byte(strings.Repeat("A", 99))) != kin.Hash(bytes.Repeat([]byte("a"), 99)) {
		t.Error("letters have cases")
	}
}
