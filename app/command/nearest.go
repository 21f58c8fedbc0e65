package command

import "strings"

// maxTypos is how many letters a name may be off to be suggested.
const maxTypos = 2

// nearest returns the name that was probably meant by typed: the one fewest
// letters away, else one that contains typed or is contained in it. It returns ""
// when nothing is near.
func nearest(typed string, names []string) string {
	typed = fold(typed)
	if typed == "" || len(typed) > 64 {
		return ""
	}
	best, least := "", maxTypos+1
	for _, name := range names {
		// The last word alone will do, as depth does for max_depth. At least half of
		// a short name must be right: others are near by chance.
		folded := fold(name)
		lastWord := folded[strings.LastIndexByte(folded, '_')+1:]
		if d := min(distance(typed, folded), distance(typed, lastWord)+1); d < least && 2*d <= len(typed) {
			best, least = name, d
		}
	}
	if best != "" {
		return best
	}
	for _, name := range names {
		if min(len(typed), len(name)) >= 3 && (strings.Contains(fold(name), typed) || strings.Contains(typed, fold(name))) {
			return name
		}
	}
	return ""
}

// distance is Levenshtein's: the fewest insertions, deletions and replacements of
// one byte that turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Suggestion ends a message about a word that is none of values, with the one that was
// probably meant: "; did you mean tasks?", or nothing where none is near.
func Suggestion(typed string, values ...string) string { return didYouMean(nearest(typed, values)) }

// didYouMean is the middle of a message about an unknown name.
func didYouMean(name string) string {
	if name == "" {
		return ""
	}
	return "; did you mean " + name + "?"
}
