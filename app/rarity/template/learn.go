package template

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Seen is a template of fixed classes and the devices that ran it. Devices are numbers
// of the caller's, in any order; Learn only reads them.
type Seen struct {
	Template string
	Devices  []int32
}

// rounds is how often what was learnt may show more.
const rounds = 3

// Learn returns the final template of each template seen. A word becomes `<*>`, or `<n>`
// where it is always a number, if templates that are equal but for it have at least
// three values for it, on at least three devices, and hardly a value is on two. What
// tells programs apart is no such word, see place.
//
// Neither order nor repetition of what was seen matters, so parts of a fleet are merged
// by putting their lists together. Time grows with the templates' length and number.
func Learn(seen []Seen) map[string]string {
	final := make(map[string]string, len(seen))
	all := gather(seen)
	for _, l := range all {
		final[l.text] = l.text
	}
	for round := range 2 * rounds {
		if round%2 == 0 {
			all = merged(all, learnData(all), final)
		} else {
			all = merged(all, learnWord(all), final)
		}
	}
	return final
}

// line is a distinct template with its devices in order, each once.
type line struct {
	text    string
	devices []int32
	parts   []part
	slots   []string // by part: what it becomes, "" for itself
}

// gather puts together what was seen of each template, in order.
func gather(seen []Seen) []line {
	devices := make(map[string][]int32, len(seen))
	for _, s := range seen {
		devices[s.Template] = append(devices[s.Template], s.Devices...)
	}
	all := make([]line, 0, len(devices))
	for _, text := range slices.Sorted(maps.Keys(devices)) {
		slices.Sort(devices[text])
		found := parts(text)
		all = append(all, line{text, slices.Compact(devices[text]), found, make([]string, len(found))})
	}
	return all
}

// merged writes the slots into the lines, and puts those together that became equal. It
// notes in final what became of each.
func merged(all []line, changed bool, final map[string]string) []line {
	if !changed {
		return all
	}
	next := make(map[string]string, len(all))
	seen := make([]Seen, len(all))
	for i := range all {
		seen[i] = Seen{all[i].written(), all[i].devices}
		next[all[i].text] = seen[i].Template
	}
	for from, to := range final {
		final[from] = next[to]
	}
	return gather(seen)
}

// written returns the template with its slots. A slot takes in the numbers that `-` or
// `_` tie to it.
func (l *line) written() string {
	var b strings.Builder
	at := 0
	for i, p := range l.parts {
		if l.slots[i] == "" {
			continue
		}
		b.WriteString(l.text[at:p.start])
		b.WriteString(l.slots[i])
		at = p.end
	}
	b.WriteString(l.text[at:])
	if at == 0 {
		return l.text
	}
	return absorbed(b.String())
}

// absorbed makes one of slots that only `-` and `_` part, of which one is learnt.
func absorbed(text string) string {
	for _, beside := range []string{"<*>", "<n>", "<hex>"} {
		for _, tie := range []string{"-", "_", ""} {
			for strings.Contains(text, "<*>"+tie+beside) || strings.Contains(text, beside+tie+"<*>") {
				text = strings.ReplaceAll(text, "<*>"+tie+beside, "<*>")
				text = strings.ReplaceAll(text, beside+tie+"<*>", "<*>")
			}
		}
	}
	return text
}

// holed is a template with holes: its hash, and which of its parts is the first hole.
type holed struct {
	hash       uint64
	line, part int32
}

// byHash sorts and calls with each stretch of equal holed templates.
func byHash(all []holed, each func([]holed)) {
	slices.SortFunc(all, func(a, b holed) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.line, b.line), cmp.Compare(a.part, b.part))
	})
	for start := 0; start < len(all); {
		end := start + 1
		for end < len(all) && all[end].hash == all[start].hash {
			end++
		}
		if end-start > 1 {
			each(all[start:end])
		}
		start = end
	}
}

// value returns the text of a part.
func (l *line) value(i int) string { return l.text[l.parts[i].start:l.parts[i].end] }

// hash is that of the template without the parts that are holes. One in fifty numbers of
// eight hex digits has no letter: `<hex>` is the same as `<n>` here.
func (l *line) hash(hole func(int) bool) uint64 {
	hash, at := uint64(14695981039346656037), 0
	add := func(text string) {
		for i := 0; i < len(text); i++ {
			hash = (hash ^ uint64(text[i])) * 1099511628211
			if text[i] == '<' && strings.HasPrefix(text[i:], "<hex>") {
				hash, i = (hash^'n')*1099511628211, i+len("hex")
			}
		}
		hash = (hash ^ 0x100) * 1099511628211
	}
	for i, p := range l.parts {
		if hole(i) {
			add(l.text[at:p.start])
			at = p.end
		}
	}
	add(l.text[at:])
	return hash
}
