package beacon

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// start is any instant; what is tested does not depend on it.
const start = 1_700_000_000 * event.Second

// after returns times that lie the given gaps in seconds apart.
func after(gaps ...float64) []event.Time {
	times := []event.Time{start}
	for _, gap := range gaps {
		times = append(times, times[len(times)-1]+event.Time(gap*float64(event.Second)))
	}
	return times
}

func repeated(n int, gaps ...float64) []float64 { return slices.Repeat(gaps, n) }

// The numbers are RITA's own tests' and those of an independent version in Python.
func TestRITATime(t *testing.T) {
	for _, c := range []struct {
		gaps []float64
		want float64
	}{
		{repeated(9, 1), 1},
		{repeated(9, 60), 1},
		{[]float64{98, 99, 99, 100, 100, 100, 101, 101, 102}, 0.995},
		{repeated(5, 98, 300), 0.746},
		{[]float64{1, 299, 25, 4975, 90, 2, 42, 500, 1500}, 0.083},
		{slices.Concat(repeated(5, 60), []float64{600}, repeated(5, 60)), 1},
		{[]float64{240, 360, 270, 330, 300, 255, 345, 285, 315, 300}, 0.95},
		{[]float64{5, 12, 20, 33, 50, 70, 95, 130, 180, 260, 420, 900}, 0.386},
		{repeated(3, 1, 1, 1, 3597), 1},
		{[]float64{30, 30, 30, 300, 300}, 1},
	} {
		got, err := RITATime(after(c.gaps...))
		if err != nil || got != c.want {
			t.Errorf("gaps %v: %v, %v, want %v", c.gaps, got, err, c.want)
		}
	}
	for _, gaps := range [][]float64{repeated(8, 0), repeated(2, 60), {60, 0, 60, 0}} {
		if got, err := RITATime(after(gaps...)); !errors.Is(err, errFew) {
			t.Errorf("gaps %v: %v, %v, want an error", gaps, got, err)
		}
	}
}

func TestRITASize(t *testing.T) {
	for _, c := range []struct {
		sizes []int64
		want  float64
	}{
		{[]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0.773},
		{slices.Repeat([]int64{512}, 6), 1},
		{make([]int64, 6), 0.5},
		{[]int64{200, 400, 600, 800, 1000}, 0.833},
		{[]int64{1500, 1520, 1540, 9000, 9000}, 0.491},
	} {
		if got, err := RITASize(c.sizes); err != nil || got != c.want {
			t.Errorf("sizes %v: %v, %v, want %v", c.sizes, got, err, c.want)
		}
	}
	if _, err := RITASize([]int64{1, 2}); !errors.Is(err, errFew) {
		t.Errorf("two sizes: %v, want an error", err)
	}
}

func TestRITAHistogram(t *testing.T) {
	office := make([]int, ritaBins)
	for hour := 9; hour <= 16; hour++ {
		office[hour] = 1
	}
	half := make([]int, ritaBins)
	for hour := range 12 {
		half[hour] = 6
	}
	for _, c := range []struct {
		bins      []int
		bars      int
		even, all float64
	}{
		{[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 6, 0.478, 0.478},
		{slices.Repeat([]int{1}, 24), ritaModalBars, 1, 1},
		{[]int{1, 0, 2, 0, 3, 0, 2, 1}, ritaModalBars, 0.064, 0.064},
		{[]int{7, 2, 1, 0, 0, 1, 0, 0, 0, 1}, ritaModalBars, 0, 0},
		{slices.Repeat([]int{5, 1}, 12), ritaModalBars, 0.333, 1},
		{half, ritaModalBars, 0, 1},
		{office, ritaModalBars, 0, 0},
	} {
		if even, all := ritaEven(c.bins), ritaHistogram(c.bins, c.bars); even != c.even || all != c.all {
			t.Errorf("bins %v: even %v, all %v, want %v, %v", c.bins, even, all, c.even, c.all)
		}
	}
}

func TestRITADuration(t *testing.T) {
	const hour = 3600 * event.Second
	var office, all []event.Time
	for h := range event.Time(24) {
		all = append(all, start+h*hour)
		if h >= 9 && h <= 16 {
			office = append(office, start+h*hour)
		}
	}
	for _, c := range []struct {
		times []event.Time
		want  float64
	}{{office, 0.667}, {all, 1}, {office[:5], 0}} {
		bins := Bins(c.times, start, start+event.Day)
		if got := RITADuration(bins, c.times[0], c.times[len(c.times)-1], start, start+event.Day); got != c.want {
			t.Errorf("%d contacts: %v, want %v", len(c.times), got, c.want)
		}
	}
	if got := ritaDuration(6, 0, 12, 24); got != 0.5 {
		t.Errorf("half of the time, no run: %v", got)
	}
	if got := ceil3(float64(all[23]-all[0]) / float64(event.Day)); got != 0.959 {
		t.Errorf("coverage %v", got)
	}
	if got := longestRun([]int{1, 1, 0, 0, 1, 1, 1}); got != 5 {
		t.Errorf("a run around the end: %d", got)
	}
}

func TestBins(t *testing.T) {
	bins := Bins([]event.Time{start, start + event.Day, start - 1, start + event.Day + 1}, start, start+event.Day)
	if bins[0] != 1 || bins[ritaBins-1] != 1 {
		t.Errorf("both ends belong to the watched time, nothing beyond: %v", bins)
	}
	if bins := Bins([]event.Time{start}, start, start); slices.Max(bins) != 0 {
		t.Errorf("nothing was watched: %v", bins)
	}
}

func TestRITABucket(t *testing.T) {
	for value, want := range map[float64]float64{49.9: 0, 50: 0.2, 60: 0.3, 80: 0.5, 95: 0.7, 100: 0.8, 140: 0.8} {
		if got := RITABucket(value, 50, 70, 90, 100); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v: %v, want %v", value, got, want)
		}
	}
}

func TestRITAScore(t *testing.T) {
	if got := RITASized(1, 1, 1, 1); got != 1 {
		t.Errorf("all 1: %v", got)
	}
	if got := RITAScore(1, 0.5, 0); got != 0.5 {
		t.Errorf("thirds: %v", got)
	}
}
