package spl

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

func trim(v []Value) Value {
	if v[0].is != text {
		return Value{}
	}
	letters := " \t"
	if len(v) > 1 {
		letters = v[1].string()
	}
	return textOf(strings.Trim(v[0].string(), letters))
}

// substr counts letters from 1; from the end where the start is negative.
func substr(v []Value) Value {
	from, ok := v[1].number()
	if v[0].is != text || !ok {
		return Value{}
	}
	letters := []rune(v[0].string())
	start := int(from) - 1
	if from < 0 {
		start = len(letters) + int(from)
	}
	start = min(max(start, 0), len(letters))
	stop := len(letters)
	if len(v) > 2 {
		n, _ := v[2].number()
		stop = min(stop, start+max(int(n), 0))
	}
	return textOf(string(letters[start:stop]))
}

func round(v []Value) Value {
	x, ok := v[0].number()
	if !ok {
		return Value{}
	}
	places := 0.0
	if len(v) > 1 {
		places, _ = v[1].number()
	}
	return textOf(strconv.FormatFloat(math.Round(x*math.Pow(10, places))/math.Pow(10, places), 'f', int(places), 64))
}

func power(v []Value) Value {
	x, okX := v[0].number()
	y, okY := v[1].number()
	if !okX || !okY {
		return Value{}
	}
	return numberOf(math.Pow(x, y))
}

// extreme is max (1) or min (-1) of all values.
func extreme(direction int) func([]Value) Value {
	return func(v []Value) Value {
		all := flat(v)
		if len(all) == 0 {
			return Value{}
		}
		return textOf(slices.MaxFunc(all, func(a, b string) int { return direction * compare(a, b) }))
	}
}

func tonumber(v []Value) Value {
	if x, ok := v[0].number(); ok {
		return numberOf(x)
	}
	return Value{}
}

func flat(v []Value) (all []string) {
	for _, one := range v {
		all = append(all, one.texts...)
	}
	return all
}

func distinct(texts []string) (list []string) {
	seen := make(map[string]bool, len(texts))
	for _, s := range texts {
		if !seen[s] {
			seen[s], list = true, append(list, s)
		}
	}
	return list
}

func sorted(texts []string) []string {
	list := slices.Clone(texts)
	slices.Sort(list)
	return list
}

func split(v Value, at string) Value {
	if v.is != text {
		return Value{}
	}
	return manyOf(strings.Split(v.string(), at))
}

func joined(v Value, by string) Value {
	if v.is != text {
		return Value{}
	}
	return textOf(strings.Join(v.texts, by))
}

// mvcount is null of null.
func mvcount(v []Value) Value {
	if v[0].is == null {
		return Value{}
	}
	return numberOf(float64(len(v[0].texts)))
}

// mvindex counts from 0, from the end where an index is negative; both ends are in it.
func mvindex(v []Value) Value {
	n := len(v[0].texts)
	from, _ := v[1].number()
	first := index(from, n)
	last := first
	if len(v) > 2 {
		to, _ := v[2].number()
		last = min(index(to, n), n-1)
	}
	if first < 0 || first >= n || last < first {
		return Value{}
	}
	return manyOf(v[0].texts[first : last+1])
}

func index(at float64, n int) int {
	if at < 0 {
		return n + int(at)
	}
	return int(at)
}

// relative moves a time back by a span such as -30d.
func relative(v []Value) Value {
	at, ok := v[0].number()
	span := v[1].string()
	if !ok || len(span) < 3 {
		return Value{}
	}
	n, err := strconv.Atoi(span[:len(span)-1])
	unit := map[byte]int{'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 604800}[span[len(span)-1]]
	if err != nil || unit == 0 {
		return Value{}
	}
	return numberOf(at + float64(n*unit))
}

// byField orders rows by a field as sort does.
func byField(a, b Row, name string) int {
	x, y := manyOf(a[name]), manyOf(b[name])
	if x.is != y.is { // null stands last, whatever the order
		return cmp.Compare(y.is, x.is)
	}
	return compare(x.string(), y.string())
}
