package template

import (
	"slices"
	"strings"
)

// manyOwn is from how many values on, each on one device, an argument is each device's
// own, whatever it looks like: so many programs that differ in nothing else there are not.
const manyOwn = 12

// isOwn reports whether nearly every device has a value of its own.
func isOwn(devices map[string][]int32) bool {
	single := 0
	for _, ran := range devices {
		if slices.Min(ran) == slices.Max(ran) {
			single++
		}
	}
	return single >= manyOwn && 10*single >= 9*len(devices)
}

// areNumbers reports whether the values of a place are numbers of which nearly every device
// keeps one, be it shared with others: a floor, a ring, a port of which half are the default.
// Where some are longer than a floor's, enough of them have to be one device's own: a port
// that one device has and no other is what an attacker chose. A device with several runs
// the task for several things.
func areNumbers(devices map[string][]int32) bool {
	on := make(map[int32]bool)
	pairs, single, long := 0, 0, false
	for value, ran := range devices {
		if value != "<n>" && !all([]byte(value), isDigit) {
			return false
		}
		own := make(map[int32]bool, len(ran))
		for _, d := range ran {
			own[d], on[d] = true, true
		}
		pairs += len(own)
		long = long || len(value) > 2
		if len(own) == 1 {
			single++
		}
	}
	return len(devices) >= fewestNumbers && len(on) >= manyOwn && (!long || single >= outlierValues) && 10*pairs <= 11*len(on)
}

// fewestNumbers is from how many numbers on devices show that they differ in a place.
const fewestNumbers = 4

// isBeside reports whether values stand beside a slot that many devices have, each on a
// device of its own that has nothing else in that place: they are what the others have, and
// look like words by chance. What somebody adds to a device stands beside its own value.
func isBeside(devices map[string][]int32) bool {
	seen := make(map[int32]bool)
	own, open := 0, 0
	for value, ran := range devices {
		if strings.Contains(value, "<*>") {
			open += len(ran)
		} else if own++; slices.Min(ran) != slices.Max(ran) {
			return false
		}
		for i, d := range ran {
			if (i == 0 || ran[i-1] != d) && seen[d] {
				return false
			}
			seen[d] = true
		}
	}
	return open >= manyOwn && own > 0 && 2*own <= open
}

// mayBeBeside reports whether one of two templates has a learnt slot where the other has a word,
// and nothing but values of switches differs. There any word will do (see plain), so a single one
// may be beside the slot; of a whole argument nothing tells it from what somebody planted.
func mayBeBeside(all []line, group []holed) bool {
	open := 0
	for _, h := range group {
		l := &all[h.line]
		value := l.value(int(h.part))
		for k := range l.parts {
			if l.parts[k].place != plain && l.value(k) == value {
				return false
			}
		}
		if strings.Contains(value, "<*>") {
			open++
		}
	}
	return open == 1
}

// areTags reports whether the values of a place are what a maker numbers machines by: of one
// length, each of letters and digits and on one device, which has no other. Where a fleet is too
// small for serials to stand out by themselves, three such are no accident: names that people give
// are rarely as long as one another, and hardly ever all have a digit.
func areTags(devices map[string][]int32) bool {
	seen := make(map[int32]bool)
	length, tags := 0, 0
	for value, ran := range devices {
		if !isOpen(value) {
			if tags++; length == 0 {
				length = len(value)
			}
			if len(value) != length || !isTag(value) || slices.Min(ran) != slices.Max(ran) {
				return false
			}
		}
		for i, d := range ran {
			if (i == 0 || ran[i-1] != d) && seen[d] {
				return false
			}
			seen[d] = true
		}
	}
	return tags >= fewestSerials
}

// shortestTag is how long the numbers of machines are at least.
const shortestTag = 7

// isTag reports whether a value is of letters and digits, and has some of both.
func isTag(value string) bool {
	text := []byte(value)
	return len(text) >= shortestTag && isMixed(text, func(c byte) bool { return isDigit(c) || isLetter(c) }) && !all(text, isDigit)
}
