package template

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// slowLearn does what Learn does with the texts themselves instead of their hashes: for
// every word of every template, all templates that are equal but for it.
func slowLearn(seen []Seen) map[string]string {
	final := map[string]string{}
	all := gather(seen)
	for _, l := range all {
		final[l.text] = l.text
	}
	for round := range 2 * rounds {
		groups := map[string][]holed{}
		for i := range all {
			if round%2 == 0 {
				text := without(&all[i], func(k int) bool { return isMadeOf(all[i].value(k)) })
				groups[text] = append(groups[text], holed{line: int32(i), part: -1})
				continue
			}
			for k := range all[i].parts {
				value := all[i].value(k)
				if first(&all[i], value) == k {
					text := without(&all[i], func(j int) bool { return all[i].value(j) == value })
					groups[text] = append(groups[text], holed{line: int32(i), part: int32(k)})
				}
			}
		}
		changed := false
		for _, group := range groups {
			changed = slowJudge(all, group) || changed
		}
		all = merged(all, changed, final)
	}
	return final
}

func without(l *line, hole func(int) bool) string {
	text, at := "", 0
	for k, p := range l.parts {
		if hole(k) {
			text += l.text[at:p.start] + "\x00"
			at = p.end
		}
	}
	return text + l.text[at:]
}

func slowJudge(all []line, group []holed) (changed bool) {
	var places [][][]int // by hole and member: the parts
	for m, h := range group {
		l := &all[h.line]
		var own [][]int
		for k := range l.parts {
			switch {
			case h.part < 0 && isMadeOf(l.value(k)):
				own = append(own, []int{k})
			case h.part >= 0 && l.value(k) == l.value(int(h.part)) && len(own) == 0:
				own = append(own, []int{k})
			case h.part >= 0 && l.value(k) == l.value(int(h.part)):
				own[0] = append(own[0], k)
			}
		}
		for hole, parts := range own {
			if m == 0 {
				places = append(places, nil)
			}
			places[hole] = append(places[hole], parts)
		}
	}
	for _, members := range places {
		devices, strictest := map[string][]int32{}, plain
		for m, h := range group {
			l := &all[h.line]
			value := l.value(members[m][0])
			devices[value] = append(devices[value], l.devices...)
			for _, k := range members[m] {
				strictest = min(strictest, l.parts[k].place)
			}
		}
		slot := slotFor(devices, strictest)
		for m, h := range group {
			for _, k := range members[m] {
				if slot != "" {
					all[h.line].slots[k] = slot
					changed = changed || all[h.line].value(k) != slot
				}
			}
		}
	}
	return changed
}

func TestLearnAgainstTheSlowOne(t *testing.T) {
	words := []string{"berlin", "oslo", "a1", "b2", "<n>", "<hex>", "<user>", "x9y8z7q", "q1w2e3r4", "run", "5", "77"}
	shapes := []string{"t.exe /a:", "t.exe --b=", `c:\d\`, "t.exe ", "s_", "http://h/"}
	ends := []string{"", " /z", ".ps1", ".csv", `\e.exe`, "-x"}
	learnt := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 11))
		var seen []Seen
		few := shapes[r.IntN(len(shapes)):]
		for range 3 + r.IntN(12) {
			word := words[r.IntN(len(words))]
			text := few[r.IntN(min(2, len(few)))] + word + ends[r.IntN(len(ends))/3]
			if r.IntN(3) == 0 {
				text += " --c=" + []string{word, words[r.IntN(len(words))]}[r.IntN(2)]
			}
			seen = append(seen, Seen{text, []int32{int32(r.IntN(9))}})
		}
		got, want := Learn(seen), slowLearn(seen)
		if !maps.Equal(got, want) {
			t.Fatalf("seed %d: %v\nwant %v", seed, got, want)
		}
		if len(slices.Compact(slices.Sorted(maps.Values(got)))) < len(got) {
			learnt++
		}
	}
	if learnt < 150 {
		t.Errorf("only %d of the fleets showed a slot", learnt)
	}
}
