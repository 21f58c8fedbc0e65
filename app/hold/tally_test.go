package hold

import (
	"fmt"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// clockOf returns the clock of devices that have an event on each of some days.
func clockOf(t *testing.T, days map[string][]int) Clock {
	t.Helper()
	set := NewSet(Limit{})
	defer set.Close()
	w, taken := set.Writer(), make(map[uint16]bool)
	for name, on := range days {
		name = lonely(set, taken, name)
		for _, day := range on {
			w.AddEnd(&event.End{Source: sourceOf(w, name, day), Self: event.Ref{PID: 1}})
		}
	}
	return set.Clock()
}

// fleetOn is so many devices that all have events on the same days.
func fleetOn(devices int, days ...int) map[string][]int {
	all := make(map[string][]int)
	for i := range devices {
		all[fmt.Sprint("pc", i)] = days
	}
	return all
}

// with adds a device to others, or changes its days.
func with(all map[string][]int, name string, days ...int) map[string][]int {
	all[name] = days
	return all
}

// lonely calls a device so that it shares a partition with none of those before: in a fleet
// some do, and are one device to a clock.
func lonely(set *Set, taken map[uint16]bool, name string) string {
	for i := 0; ; i++ {
		called := fmt.Sprint(name, "-", i)
		if p := set.of([]byte(called)); !taken[p] {
			taken[p] = true
			return called
		}
	}
}

func sourceOf(w *Writer, name string, day int) event.Source {
	device := w.Interner().Intern([]byte(name))
	return event.Source{Device: device, DeviceName: device, Time: event.Time(day)*event.Day + event.Second}
}

func TestNowIsNotMovedByAClockThatRunsAway(t *testing.T) {
	fleet := func(days ...int) map[string][]int { return fleetOn(12, days...) }
	for name, c := range map[string]struct {
		days        map[string][]int
		now, newest int
	}{
		"a fleet":                          {fleet(100, 101, 102), 102, 102},
		"one device far ahead":             {with(fleet(100, 101), "late", 369), 101, 369},
		"one device some days ahead":       {with(fleet(100, 101), "late", 104), 101, 104},
		"two devices ahead, far apart":     {with(with(fleet(100, 101), "late", 369), "later", 900, 901), 101, 901},
		"a device that jumped":             {with(fleet(100, 101), "pc3", 99, 100, 500), 101, 500},
		"one of two ahead":                 {map[string][]int{"a": {100, 101, 102}, "b": {400}}, 102, 400},
		"one device with a gap of months":  {map[string][]int{"a": {100, 101, 300}}, 300, 300},
		"half a fleet after a long gap":    {map[string][]int{"a": {100}, "b": {100}, "c": {300}, "d": {300}, "e": {300}}, 300, 300},
		"a server at work on the week-end": {with(fleet(100, 101), "srv", 100, 101, 104), 104, 104},
		"two devices days apart":           {map[string][]int{"a": {100}, "b": {105}}, 105, 105},
		"nothing":                          {nil, 0, 0},
	} {
		got := clockOf(t, c.days)
		got.Behind, got.Rest = event.NoTime, event.NoTime // have tests of their own
		want := Clock{Newest: event.Time(c.newest)*event.Day + event.Second, Now: event.Time(c.now)*event.Day + event.Second}
		if c.days == nil {
			want = Clock{}
		}
		if got != want {
			t.Errorf("%s: now day %d of %d, want %d of %d", name, got.Now/event.Day, got.Newest/event.Day, c.now, c.newest)
		}
	}
}

func TestAClockThatRunsBehindIsSeen(t *testing.T) {
	for name, c := range map[string]struct {
		days   map[string][]int
		behind int // 0 for none
	}{
		"a fleet":                         {map[string][]int{"a": {500, 501}, "b": {500}, "c": {501}}, 0},
		"one device behind":               {map[string][]int{"a": {500, 501}, "b": {500}, "c": {100, 103}}, 103},
		"two devices behind, far apart":   {map[string][]int{"a": {500}, "b": {501}, "e": {501}, "c": {100}, "d": {300}}, 300},
		"a device that came back":         {map[string][]int{"a": {500, 501}, "b": {500}, "c": {100, 500}}, 100}, // of whom nothing is said, as it has later events
		"one of two":                      {map[string][]int{"a": {500, 501}, "b": {100}}, 0},
		"a week behind":                   {map[string][]int{"a": {500, 501}, "b": {500}, "c": {493}}, 0},
		"half of a fleet, ages ago":       {map[string][]int{"a": {500}, "b": {500}, "c": {100}, "d": {100}}, 0},
		"behind while another runs ahead": {map[string][]int{"a": {500}, "b": {500}, "f": {500}, "c": {100}, "d": {900}}, 100},
	} {
		want := event.NoTime
		if c.behind != 0 {
			want = event.Time(c.behind)*event.Day + event.Second
		}
		if got := clockOf(t, c.days).Behind; got != want {
			t.Errorf("%s: behind is day %d, want %d", name, got/event.Day, c.behind)
		}
	}
}

// Times of which day and month may be exchanged come out as they were meant, and move no
// clock but their own.
func TestExchangesDayAndMonthWhereTheyAreUnsure(t *testing.T) {
	sure, _ := event.ParseTime([]byte("2026-05-06 10:00:00"))
	meant, _ := event.ParseTime([]byte("2026-06-05 10:00:00"))
	for _, exchange := range []bool{false, true} {
		set := NewSet(Limit{})
		w := set.Writer()
		device := w.Interner().Intern([]byte("pc"))
		source := event.Source{Device: device, DeviceName: device, Time: sure}
		w.AddProcess(&event.Process{Source: source, Self: event.Ref{PID: 1, Created: sure}})
		w.Unsure(event.UnsureTime | event.UnsureCreated | event.UnsureGrandparent)
		w.AddProcess(&event.Process{Source: source, Self: event.Ref{PID: 2, Created: sure}, Parent: event.Ref{PID: 1, Created: sure}, Grandparent: event.Ref{PID: 3, Created: sure}})
		w.Unsure(event.UnsureTime | event.UnsureStamp)
		w.AddConnection(&event.Connection{Source: source, Stamp: sure, Self: event.Ref{PID: 2, Created: sure}, Weight: 1})
		want := sure
		if exchange {
			set.Exchange()
			want = meant
		}
		if clock := set.Clock(); clock.Newest != want {
			t.Errorf("exchange %t: the newest event is of %v, want %v", exchange, clock.Newest.Std(), want.Std())
		}
		part, err := set.Reader().Read(int(set.of([]byte("pc"))))
		if err != nil {
			t.Fatal(err)
		}
		first, second, c := part.Store.Processes[0], part.Store.Processes[1], part.Store.Connections[0]
		if first.Time != sure || first.Self.Created != sure || second.Parent.Created != sure || c.Self.Created != sure {
			t.Errorf("exchange %t: a time was exchanged that is sure", exchange)
		}
		if second.Time != want || second.Self.Created != want || second.Grandparent.Created != want || c.Time != want || c.Stamp != want {
			t.Errorf("exchange %t: an unsure time is not %v", exchange, want.Std())
		}
		_ = set.Close()
	}
}
