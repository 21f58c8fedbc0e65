package sample

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// merge must do what sorting all lines in memory does.
func TestMergeIsASort(t *testing.T) {
	type entry struct {
		at   Time
		line string
	}
	for seed := range uint64(20) {
		d := newDice(seed, 0)
		s, err := newSpool(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer s.close()
		var want []entry
		for run := range d.IntN(8) {
			s.begin()
			at := Time(40)
			for n := range d.IntN(30) {
				at -= Time(d.IntN(3)) // equal times are common
				e := entry{at, fmt.Sprintf("%d/%d%s\n", run, n, strings.Repeat("x", d.IntN(9000)))}
				want = append(want, e)
				if err := s.add(e.at, []byte(e.line)); err != nil {
					t.Fatal(err)
				}
			}
		}
		slices.SortStableFunc(want, func(a, b entry) int { return int(b.at - a.at) })
		var got []entry
		err = s.merge(func(at Time, line []byte) error {
			got = append(got, entry{at, string(bytes.Clone(line))})
			return nil
		})
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("seed %d: %d lines merged, want %d (%v)", seed, len(got), len(want), err)
		}
	}
}

func TestMergeStopsAtAnError(t *testing.T) {
	s, err := newSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	s.begin()
	for at := range Time(5) {
		if err := s.add(5-at, []byte("x\n")); err != nil {
			t.Fatal(err)
		}
	}
	full, calls := errors.New("disk full"), 0
	if err := s.merge(func(Time, []byte) error { calls++; return full }); !errors.Is(err, full) || calls != 1 {
		t.Errorf("error %v after %d lines", err, calls)
	}
}
