package event

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// named adds a start and a connection of one process, under two names of its device.
func named(s *Store, start, connection string, id uint64) {
	source := func(name string) Source {
		y := s.Symbols.Intern([]byte(name))
		return Source{Device: s.Symbols.Fold(y), DeviceName: y, Time: Time(id) * Second}
	}
	ref := Ref{ID: ID{7, id}, PID: uint32(id)}
	s.AddProcess(&Process{Source: source(start), Self: ref})
	s.AddConnection(&Connection{Source: source(connection), Self: ref, Weight: 1})
}

func devicesOf(s *Store) (names []string) {
	s.each(func(of *Source, _ *Ref) { names = append(names, s.Symbols.String(of.Device)) })
	slices.Sort(names)
	return slices.Compact(names)
}

func TestJoinsTheNamesOfOneMachine(t *testing.T) {
	for name, c := range map[string]struct {
		events [][2]string
		want   []string
		told   []Names
	}{
		"one name in two letter cases":    {[][2]string{{"PC7", "pc7"}}, []string{"pc7"}, nil},
		"short and full":                  {[][2]string{{"PC7", "PC7"}, {"pc7.corp.example", "pc7.corp.example"}}, []string{"pc7.corp.example"}, []Names{{All: []string{"PC7", "pc7.corp.example"}, One: true}}},
		"two domains":                     {[][2]string{{"pc7.a.example", "pc7.a.example"}, {"pc7.b.example", "pc7.b.example"}}, []string{"pc7.a.example", "pc7.b.example"}, nil},
		"two domains and the short name":  {[][2]string{{"pc7.a.example", "pc7.a.example"}, {"pc7.b.example", "pc7.b.example"}, {"pc7", "pc7"}}, []string{"pc7", "pc7.a.example", "pc7.b.example"}, []Names{{All: []string{"pc7", "pc7.a.example", "pc7.b.example"}}}},
		"the short name's process tells":  {[][2]string{{"pc7.a.example", "pc7.a.example"}, {"pc7.b.example", "PC7"}}, []string{"pc7.a.example", "pc7.b.example"}, []Names{{All: []string{"PC7", "pc7.a.example", "pc7.b.example"}, Proven: true}}},
		"a machine that changed domains":  {[][2]string{{"pc7.a.example", "pc7.b.example"}, {"pc7", "pc7"}}, []string{"pc7.a.example"}, []Names{{All: []string{"pc7", "pc7.a.example", "pc7.b.example"}, One: true, Proven: true}}},
		"addresses":                       {[][2]string{{"10.1.2.3", "10.1.2.3"}, {"10.1.2.4", "10.1.2.4"}, {"10", "10"}}, []string{"10", "10.1.2.3", "10.1.2.4"}, nil},
		"one process under other machine": {[][2]string{{"pc7.a.example", "pc8.a.example"}}, []string{"pc7.a.example", "pc8.a.example"}, nil},
	} {
		for round := range uint64(4) {
			r := rand.New(rand.NewPCG(round, 1))
			s := NewStore()
			for _, i := range r.Perm(len(c.events)) {
				named(s, c.events[i][0], c.events[i][1], uint64(i)+1)
			}
			if told := s.JoinNames(); !reflect.DeepEqual(told, c.told) {
				t.Errorf("%s: told %+v, want %+v", name, told, c.told)
			}
			if got := devicesOf(s); !slices.Equal(got, c.want) {
				t.Errorf("%s: devices %q, want %q", name, got, c.want)
			}
		}
	}
}

// Whatever names there are, joining depends on no order, and joins nothing twice.
func TestJoiningNamesDependsOnNoOrder(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 2))
		name := func() string {
			return fmt.Sprintf("pc%d%s", r.IntN(2), []string{"", ".a.example", ".b.example"}[r.IntN(3)])
		}
		var pairs [][2]string
		for range 1 + r.IntN(5) {
			pairs = append(pairs, [2]string{name(), name()})
		}
		join := func(order []int) ([]string, []Names) {
			s := NewStore()
			for _, i := range order {
				named(s, pairs[i][0], pairs[i][1], uint64(i%3)+1)
			}
			told := s.JoinNames()
			devices := devicesOf(s)
			s.JoinNames()
			if again := devicesOf(s); !slices.Equal(again, devices) {
				t.Fatalf("seed %d: joined again %q becomes %q", seed, devices, again)
			}
			return devices, told
		}
		devices, told := join(r.Perm(len(pairs)))
		other, otherTold := join(r.Perm(len(pairs)))
		if !slices.Equal(devices, other) || !reflect.DeepEqual(told, otherTold) {
			t.Fatalf("seed %d: %q are %q (%+v) or %q (%+v)", seed, pairs, devices, told, other, otherTold)
		}
	}
}
