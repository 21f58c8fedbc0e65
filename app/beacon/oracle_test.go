package beacon

import (
	"bytes"
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// slowSample is what a sample is by definition, made from all contacts at once: per
// scale the windows of the smallest chance numbers, in each the shortest cells of which
// there are few enough.
func slowSample(all []Contact) *sample {
	cells := map[int64]cell{}
	s := &sample{first: math.MaxInt64, last: math.MinInt64}
	for _, x := range all {
		at := int64(x.Time) >> 20
		c := cell{at, x.Run, max(1, x.Weight)}
		if old, there := cells[at]; there {
			c.run, c.weight = min(old.run, c.run), max(old.weight, c.weight)
		}
		cells[at] = c
		s.first, s.last = min(s.first, at), max(s.last, at)
	}
	for _, c := range cells {
		s.cells = append(s.cells, c)
	}
	slices.SortFunc(s.cells, cell.compare)
	if len(s.cells) <= exactCells {
		return s
	}
	s.thin, s.seen = new([len(scales)][]window), new(sketch)
	for i, scale := range scales {
		s.thin[i] = slowWindows(s.cells, scale)
	}
	for _, c := range s.cells {
		s.seen.add(c.at)
	}
	s.cells = nil
	return s
}

func slowWindows(cells []cell, scale uint8) (all []window) {
	byNumber := map[int64][]cell{}
	for _, c := range cells {
		byNumber[c.at>>scale] = append(byNumber[c.at>>scale], c)
	}
	for number, inside := range byNumber {
		shift := uint8(0)
		for ; len(slowFold(inside, shift)) > windowCells; shift++ {
		}
		all = append(all, window{number, shift, slowFold(inside, shift)})
	}
	slices.SortFunc(all, func(a, b window) int { return cmp.Compare(chance(a.number, scale), chance(b.number, scale)) })
	all = all[:min(windows, len(all))]
	slices.SortFunc(all, func(a, b window) int { return cmp.Compare(a.number, b.number) })
	return all
}

// slowFold takes sorted cells, of which the first of each stretch stays.
func slowFold(cells []cell, shift uint8) (folded []cell) {
	at := map[int64]int{}
	for _, c := range cells {
		i, there := at[c.at>>shift]
		if !there {
			at[c.at>>shift] = len(folded)
			folded = append(folded, c)
			continue
		}
		folded[i].weight = max(folded[i].weight, c.weight)
	}
	return folded
}

func TestASampleIsWhatItIsByDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(40, 40))
	for name, all := range worlds(r) {
		if want, got := slowSample(all).appendTo(nil), packed(t, gather(all)); !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, by definition %d others", name, len(got), len(want))
		}
	}
}

// What stands for chance has to be one: no model may have more than all of it to give,
// or it would win by that.
func TestDensitiesSumToOne(t *testing.T) {
	for _, k := range []float64{1, 2, 5} {
		sum := 0.0
		for off := 0.005; off < 4000; off += 0.01 {
			sum += 2 * 0.01 * offDensity(off, 3, k)
		}
		if math.Abs(sum-1) > 0.01 {
			t.Errorf("after %v periods deviations sum to %v", k, sum)
		}
	}
	for _, keep := range []float64{1, 0.7, 0.45} {
		for _, half := range []float64{0.01, 0.11, 0.13, 0.25, 0.4} {
			sum := 0.0
			for length := 0.005; length < 3000; length += 0.01 {
				sum += 0.01 * nearDensity(gap{length, 1}, 100, half*100, keep)
			}
			if sum > 1.01 || sum < 0.9 {
				t.Errorf("keep %v, jitter %v: gaps sum to %v", keep, half, sum)
			}
		}
		sum := 0.0
		for n := 1.0; n < 10_000; n++ {
			sum += skips(n, keep, 1-keep)
		}
		if sum > 1.01 || sum < 0.95 {
			t.Errorf("keep %v: skipped marks sum to %v", keep, sum)
		}
	}
}

// A product is the sum of the logs, however small it gets.
func TestProduct(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 41))
	all, want := product{rest: 1}, 0.0
	for range 2000 {
		density := math.Exp(12 * r.NormFloat64())
		all.times(density)
		want += math.Log(density)
	}
	if got := all.log(); math.Abs(got-want) > 1e-6*math.Abs(want)+1e-6 {
		t.Errorf("%v, the logs sum to %v", got, want)
	}
}
