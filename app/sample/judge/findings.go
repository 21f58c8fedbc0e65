package judge

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// finding is what one decision of a person settles, and whose its trees are.
type finding struct {
	id      string
	rows    []Row // its own row, if there is one, before its trees'
	given   int   // place in which it came
	trees   int
	channel map[string]int // trees of each channel
}

// group puts trees together by the values of some columns, as a person would by hand.
func group(trees []Row, columns []string) (list []*finding) {
	known := map[string]*finding{}
	for _, t := range trees {
		var b strings.Builder
		for _, c := range columns {
			b.WriteString(t[c] + "\x00")
		}
		f := known[b.String()]
		if f == nil {
			f = &finding{id: b.String(), given: len(list), channel: map[string]int{}}
			known[b.String()] = f
			list = append(list, f)
		}
		f.rows = append(f.rows, t)
	}
	return list
}

// count notes whose the trees of the finding are.
func (f *finding) count(k *Key, trees []Row) {
	f.trees = len(trees)
	for _, t := range trees {
		if c := k.channelOf(t); c != "" {
			f.channel[c]++
		}
	}
}

// is reports whether at least half of the finding is the channel.
func (f *finding) is(channel string) bool { return f.trees > 0 && 2*f.channel[channel] >= f.trees }

// benign reports whether the finding is at least half of no channel.
func (f *finding) benign() bool {
	for c := range f.channel {
		if f.is(c) {
			return false
		}
	}
	return true
}

// value is a number of the finding: of its own row, else the smallest of its trees'.
// Without one it is NaN.
func (f *finding) value(column string) float64 {
	best := math.NaN()
	for _, row := range f.rows {
		x, err := strconv.ParseFloat(row[column], 64)
		if err != nil {
			continue
		}
		if row["row"] == "finding" {
			return x
		}
		if math.IsNaN(best) || x < best {
			best = x
		}
	}
	return best
}

// Order is a way to rank findings: by columns one after another.
type Order []key

type key struct {
	column     string
	descending bool
}

// ParseOrder reads an order such as "score desc" or "root_devices asc, _time desc".
// Empty text is the order in which the rows came.
func ParseOrder(text string) (o Order, err error) {
	for part := range strings.SplitSeq(text, ",") {
		words := strings.Fields(part)
		switch {
		case len(words) == 0 && text == "":
		case len(words) == 1, len(words) == 2 && words[1] == "asc":
			o = append(o, key{words[0], false})
		case len(words) == 2 && words[1] == "desc":
			o = append(o, key{words[0], true})
		default:
			return nil, fmt.Errorf("order %q: %q is not a column with asc or desc", text, part)
		}
	}
	return o, nil
}

// sort puts the findings in order. Where the order leaves two equal, the id decides: it
// has to do with neither. Findings without the number come last.
func (o Order) sort(list []*finding) {
	if len(o) == 0 {
		slices.SortStableFunc(list, func(a, b *finding) int { return cmp.Compare(a.given, b.given) })
		return
	}
	values := map[*finding][]float64{}
	for _, f := range list {
		for _, k := range o {
			values[f] = append(values[f], k.of(f))
		}
	}
	slices.SortStableFunc(list, func(a, b *finding) int {
		return cmp.Or(slices.Compare(values[a], values[b]), cmp.Compare(a.id, b.id))
	})
}

// of is the number that sorts ascending as the key wants it.
func (k key) of(f *finding) float64 {
	x := f.value(k.column)
	switch {
	case math.IsNaN(x):
		return math.Inf(1)
	case k.descending:
		return -x
	}
	return x
}
