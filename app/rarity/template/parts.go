package template

import "strings"

// place says what has to be seen in a word of a template before it may become a slot.
type place uint8

const (
	never  place = iota // switches, hosts of links, CLSIDs, encoded commands: they are the program
	random              // the stem of a program or script: only names made by chance
	data                // whole arguments and folders: only what looks like a serial
	sifted              // either, without the values that do not look so
	plain               // the value of a switch, a part of a file's name: any word
)

// part is a word of a template: letters, digits and slots without anything between.
type part struct {
	start, end int
	place      place
}

// most is how many words of one template are looked at.
const most = 64

// parts returns the words of a template that may become slots.
func parts(text string) []part {
	var all []part
	for at := 0; at < len(text) && len(all) < most; {
		end := strings.IndexByte(text[at:], ' ')
		if end < 0 {
			end = len(text) - at
		}
		all = appendParts(all, text, at, at+end)
		at += end + 1
	}
	return all[:min(len(all), most)]
}

// appendParts adds the words of one argument.
func appendParts(all []part, text string, start, stop int) []part {
	host := 0 // end of a link's host
	if scheme := strings.Index(text[start:stop], "://"); scheme >= 0 {
		host = start + scheme + 3
		for host < stop && text[host] != '/' && text[host] != '?' {
			host++
		}
	}
	for at := start; at < stop; {
		end := partEnd(text, at, stop)
		if end == at {
			at++
			continue
		}
		if p := placeOf(text, start, stop, at, end); p != never && at >= host {
			all = append(all, part{at, end, p})
		}
		at = end
	}
	return all
}

// partEnd returns the end of the word that begins at a place, the place itself for none.
func partEnd(text string, at, stop int) int {
	for at < stop {
		switch n := slotAt(text[at:stop]); {
		case n > 0:
			at += n
		case isWord(text[at]):
			at++
		default:
			return at
		}
	}
	return at
}

func slotAt(text string) int {
	if text == "" || text[0] != '<' {
		return 0
	}
	return slotLength([]byte(text[:min(len(text), 48)]))
}

// placeOf finds out what a word is in its argument.
func placeOf(text string, start, stop, at, end int) place {
	word, before := text[at:end], byte(' ')
	if at > start {
		before = text[at-1]
	}
	switch {
	case strings.Contains(word, "<base64:") || strings.Contains(word, "<tail:") || before == '{' || inGUID(text, at):
		return never
	case at == start+1 && (before == '-' || before == '/') || at == start+2 && text[start:at] == "--" || inSwitch(text[start:at]):
		return never
	}
	field := end // to the end of what `-` and `_` hold together
	for field < stop && (text[field] == '-' || text[field] == '_' || partEnd(text, field, stop) > field) {
		field = max(field+1, partEnd(text, field, stop))
	}
	switch rest := text[field:stop]; {
	case isStem([]byte(rest)) || start == 0 && !strings.ContainsAny(rest, `\/`):
		return random
	case before == '.' && !isMadeOf(word), before == ',', before == '#', strings.HasPrefix(rest, ","):
		return never
	case strings.ContainsAny(rest, `\/`) || before == ' ' && field == stop:
		return data
	case before == '=' || before == ':' || before == '-' || before == '_' || field > end:
		return plain
	}
	return data
}

// inSwitch reports whether what is before a word is still a switch's own name, as
// `--no-` of `--no-sandbox`.
func inSwitch(before string) bool {
	return len(before) > 1 && (before[0] == '-' || before[0] == '/') && !strings.ContainsAny(before[1:], `=:/\.<`)
}

// inGUID reports whether a word is part of a GUID that was kept.
func inGUID(text string, at int) bool {
	for _, back := range [...]int{0, 9, 14, 19, 24} {
		if at >= back && isGUID([]byte(text[at-back:min(len(text), at-back+36)])) {
			return true
		}
	}
	return false
}

// isMadeOf reports whether a word holds what a person rarely writes: a digit, a slot, or
// letters by chance.
func isMadeOf(word string) bool {
	return strings.ContainsAny(word, "0123456789<") || isRandom(word)
}

// isSerial reports whether a word looks like the number of a thing: digits alone or at
// least three, a digit before one or two letters (3k), a slot, or letters by chance.
// w32time and job2 are names.
func isSerial(word string) bool {
	count := 0
	for i := range len(word) {
		if isDigit(word[i]) {
			count++
		}
	}
	return count >= 3 || count == len(word) || isDigit(word[0]) && len(word) < count+3 || strings.Contains(word, "<") || isRandom(word)
}

// isRandom reports whether a word looks made by chance: at least six letters and digits
// that change places thrice, or letters that nobody can say: five without a vowel in a
// row, or less than one vowel in seven.
func isRandom(word string) bool {
	if strings.HasPrefix(word, "<") && strings.HasSuffix(word, ">") {
		return true
	}
	changes, vowels, row, longest := 0, 0, 0, 0
	for i := range len(word) {
		if i > 0 && isDigit(word[i]) != isDigit(word[i-1]) {
			changes++
		}
		row++
		if strings.IndexByte("aeiouy", word[i]) >= 0 || word[i] >= 0x80 || isDigit(word[i]) {
			row = 0
		}
		if strings.IndexByte("aeiouy", word[i]) >= 0 || word[i] >= 0x80 {
			vowels++
		}
		longest = max(longest, row)
	}
	return len(word) >= 6 && (changes >= 3 || changes == 0 && !isDigit(word[0]) && (longest >= 5 || vowels*7 < len(word)))
}
