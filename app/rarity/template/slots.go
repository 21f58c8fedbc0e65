package template

import (
	"slices"
	"strings"
)

// learnData looks at all words with digits at once: templates that are equal without
// them may differ in several. Each place is judged on its own.
func learnData(all []line) (changed bool) {
	keys := make([]holed, 0, len(all))
	for i := range all {
		keys = append(keys, holed{all[i].hash(func(k int) bool { return isMadeOf(all[i].value(k)) }), int32(i), -1})
	}
	byHash(keys, func(group []holed) {
		holes := make([][]int, len(group))
		for m, h := range group {
			l := &all[h.line]
			for k := range l.parts {
				if isMadeOf(l.value(k)) {
					holes[m] = append(holes[m], k)
				}
			}
			if len(holes[m]) != len(holes[0]) {
				return // equal hashes of unlike templates: nothing is learnt from them
			}
		}
		for k := range holes[0] {
			changed = judge(all, group, func(m int) []int { return holes[m][k : k+1] }) || changed
		}
	})
	return changed
}

// learnWord looks at one word after the other, the same word at all its places: a name
// that stands in a path and in an option is one difference.
func learnWord(all []line) (changed bool) {
	keys := make([]holed, 0, 4*len(all))
	for i := range all {
		l := &all[i]
		for k := range l.parts {
			value := l.value(k)
			if first(l, value) == k {
				keys = append(keys, holed{l.hash(func(j int) bool { return l.value(j) == value }), int32(i), int32(k)})
			}
		}
	}
	byHash(keys, func(group []holed) {
		if len(group) < 3 && !mayBeBeside(all, group) {
			return
		}
		changed = judge(all, group, func(m int) []int {
			l := &all[group[m].line]
			var same []int
			for j := range l.parts {
				if l.value(j) == l.value(int(group[m].part)) {
					same = append(same, j)
				}
			}
			return same
		}) || changed
	})
	return changed
}

func first(l *line, value string) int {
	for k := range l.parts {
		if l.value(k) == value {
			return k
		}
	}
	return -1
}

// judge decides on one place of a group of templates, and writes the slot into each.
func judge(all []line, group []holed, holes func(int) []int) bool {
	if !alike(all, group, holes) {
		return false
	}
	devices := make(map[string][]int32)
	strictest := plain
	for m, h := range group {
		l, at := &all[h.line], holes(m)
		value := l.value(at[0])
		devices[value] = append(devices[value], l.devices...)
		for _, k := range at {
			strictest = min(strictest, l.parts[k].place)
		}
	}
	var odd map[string]bool
	beside, numbers := isBeside(devices), strictest >= data && areNumbers(devices)
	if beside || strictest == data && (isOwn(devices) || areTags(devices)) {
		strictest = sifted
	} else if odd = outliers(devices, strictest); odd != nil {
		for value := range odd {
			delete(devices, value)
		}
		strictest = sifted
	}
	slot := slotFor(devices, strictest)
	switch {
	case beside:
		slot = "<*>"
	case numbers:
		slot = "<n>"
	}
	if slot == "" {
		return false
	}
	changed := false
	for m, h := range group {
		if odd[all[h.line].value(holes(m)[0])] {
			continue
		}
		for _, k := range holes(m) {
			l := &all[h.line]
			l.slots[k] = slot
			changed = changed || l.value(k) != slot
		}
	}
	return changed
}

// A value that does not look like a serial keeps no slot from those that do: where at
// least outlierValues do, and four of five, the odd ones stay what they are. One of the
// length that most have is a serial by chance without digits.
const outlierValues = 5

// outliers are the values that are left out of a place in which a slot has to look like a
// serial, as long as they are few.
func outliers(devices map[string][]int32, strictest place) map[string]bool {
	if strictest == plain {
		return nil
	}
	odd, lengths := make(map[string]bool), make(map[int]int)
	fit, literal := 0, 0
	for value, ran := range devices {
		switch {
		case !looks(value, strictest):
			odd[value] = true
		case isOpen(value):
			fit += len(ran) // a number's slot stands for the numbers of so many devices
		default:
			fit, literal = fit+1, literal+1
			lengths[len(value)]++
		}
	}
	all := fit + len(odd)
	if fit < outlierValues || (5*fit < 4*all && (2*fit < all || !isOneLength(devices))) {
		return nil
	}
	for value := range odd {
		if len(value) >= 6 && literal >= fewestSerials && 2*lengths[len(value)] > literal && !strings.ContainsAny(value, "<.-_ ") {
			delete(odd, value)
		}
	}
	return odd
}

// fewestSerials is how many serials show what length those of the place have.
const fewestSerials = 3

// isOneLength reports whether all values that are themselves have one length, as serials of
// one maker have: then half of them need to look like one.
func isOneLength(devices map[string][]int32) bool {
	length := 0
	for value := range devices {
		if isOpen(value) {
			continue
		}
		if length == 0 {
			length = len(value)
		}
		if len(value) != length {
			return false
		}
	}
	return length > 0
}

// looks reports whether a value looks as the place asks for.
func looks(value string, strictest place) bool {
	switch strictest {
	case random:
		return isRandom(value)
	case data:
		return isSerial(value)
	}
	return true
}

// alike reports whether the templates of a group are equal but for the holes: equal
// hashes do not prove it.
func alike(all []line, group []holed, holes func(int) []int) bool {
	var first, other []byte
	for m, h := range group {
		other = other[:0]
		l, at, of := &all[h.line], 0, holes(m)
		for k, p := range l.parts {
			// In learnData the other words with digits are holes too, judged on their own.
			if slices.Contains(of, k) || h.part < 0 && isMadeOf(l.value(k)) {
				other = append(append(other, numbered(l.text[at:p.start])...), 0)
				at = p.end
			}
		}
		other = append(other, numbered(l.text[at:])...)
		if m == 0 {
			first = append(first, other...)
		} else if string(first) != string(other) {
			return false
		}
	}
	return true
}

// numbered is a text in which hex digits are numbers, as line.hash has it.
func numbered(text string) string {
	if !strings.Contains(text, "<hex>") {
		return text
	}
	return strings.ReplaceAll(text, "<hex>", "<n>")
}

// slotFor returns the slot that values on devices make, "" for none. A value with a
// number's slot in it stands for many, so it may be on any number of devices; beside
// others it needs three values that show that devices differ.
func slotFor(devices map[string][]int32, strictest place) string {
	if len(devices) < 2 {
		return ""
	}
	var v spread
	for value, ran := range devices {
		if !v.add(value, ran, strictest) {
			return ""
		}
	}
	slices.Sort(v.everywhere)
	few := v.literal < 3 && (v.literal > 0 || v.open < 2)
	switch {
	case few, len(slices.Compact(v.everywhere)) < 3, v.single*4 < v.literal*3, v.on*2 > v.literal*3:
		return ""
	case v.digits:
		return "<n>"
	}
	return "<*>"
}

// spread is how the values of one place are spread over devices.
type spread struct {
	literal, single, on int  // values that are themselves, those on one device, devices of all of them
	open                int  // values with a slot in them
	words               bool // some value is a word as people write them
	letters, digits     bool // some value is no number; all are
	everywhere          []int32
}

// add counts a value and reports whether the place may still become a slot.
func (v *spread) add(value string, ran []int32, strictest place) bool {
	slices.Sort(ran)
	ran = slices.Compact(ran)
	v.everywhere = append(v.everywhere, ran...)
	v.letters = v.letters || value != "<n>" && !all([]byte(value), isDigit)
	v.digits = !v.letters
	v.words = v.words || !isMadeOf(value)
	if isOpen(value) {
		v.open++
	} else {
		v.literal, v.on = v.literal+1, v.on+len(ran)
		if len(ran) == 1 {
			v.single++
		}
	}
	switch strictest {
	case random:
		return isRandom(value)
	case data:
		return isSerial(value)
	}
	return strictest == sifted || !v.words || v.open == 0
}

// isOpen reports whether a value holds a slot of a kind that tells nothing: a number or
// what was learnt. A `<user>` or `<guid>` is a value as any word is.
func isOpen(value string) bool {
	for _, slot := range [...]string{"<n>", "<hex>", "<hash>", "<*>"} {
		if strings.Contains(value, slot) {
			return true
		}
	}
	return false
}
