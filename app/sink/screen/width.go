package screen

import (
	"regexp"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// mark stands for what was left out.
const mark = "…"

// first returns how many bytes of a text are the first thing in it that is never cut, and how
// many columns a terminal needs for that: an escape where the character would do harm, else two
// columns for what is wide, none for what combines with the character before it.
func first(text string) (size, wide int) {
	shown, size, escaped := row.Shown(text)
	if escaped {
		return size, len(shown)
	}
	cluster, _, wide, _ := uniseg.FirstGraphemeClusterInString(text, -1)
	for at := size; at < len(cluster); at += size {
		if _, size, escaped = row.Shown(cluster[at:]); escaped { // it joins what is shown apart
			return at, uniseg.StringWidth(cluster[:at])
		}
	}
	return len(cluster), wide
}

// widthOf is how many columns a terminal needs for a text when it is printable.
func widthOf(text string) (width int) {
	for text != "" {
		size, wide := first(text)
		text, width = text[size:], width+wide
	}
	return width
}

// head returns as much of the beginning of a text as fits, and never less than nothing.
func head(text string, width int) string {
	at, used := 0, 0
	for at < len(text) {
		size, wide := first(text[at:])
		if used += wide; used > width {
			break
		}
		at += size
	}
	return text[:at]
}

// tail returns as much of the end of a text as fits.
func tail(text string, width int) string {
	for all := widthOf(text); text != "" && all > width; {
		size, wide := first(text)
		text, all = text[size:], all-wide
	}
	return text
}

// namesOnly matches what is left of the folders of a path that is in no quotes.
var namesOnly = regexp.MustCompile(`(^|[ "])[^ "\\]*\\` + mark + `\\`)

// quotedName matches what is left of the folders of a path in quotes, which go with them: of
// one alone the other would be left.
var quotedName = regexp.MustCompile(`"[^"\\]*\\` + mark + `\\([^"\\]+)"`)

// fit returns a text as printable text of at most width columns: folders of paths go first,
// then the middle, since names of programs at the beginning and files at the end tell most.
func fit(text string, width int) string { return row.Printable(shorten(text, width)) }

// shorten is fit for what is made printable later: an escape has a backslash and is no folder.
func shorten(text string, width int) string {
	if widthOf(text) <= width {
		return text
	}
	if text = shortPaths(text); widthOf(text) <= width {
		return text
	}
	if text = namesOnly.ReplaceAllString(quotedName.ReplaceAllString(text, "$1"), "$1"); widthOf(text) <= width {
		return text
	}
	if width < 2 {
		return head(text, width)
	}
	last := width * 2 / 5
	return head(text, width-1-last) + mark + tail(text, last)
}

// quotedPath is a path in quotes, in which there may be blanks.
var quotedPath = regexp.MustCompile(`"([^"\\]+\\)[^"]+\\([^"\\]+)"`)

// shortPaths leaves out the folders between the first and the last name of each path in
// a command line.
func shortPaths(text string) string {
	var b strings.Builder
	if row.HasEscape(text) { // whose backslash is none between folders
		return text
	}
	text = quotedPath.ReplaceAllString(text, `"${1}`+mark+`\${2}"`)
	for word := range strings.SplitAfterSeq(text, " ") {
		first := strings.IndexByte(word, '\\')
		last := strings.LastIndexByte(strings.TrimRight(word, `\" `), '\\')
		if first >= 0 && last > first+2 && !strings.Contains(word, mark) {
			word = word[:first+1] + mark + word[last:]
		}
		b.WriteString(word)
	}
	return b.String()
}

// pad fills a text up with blanks, before it where it is a number.
func pad(text string, width int, right bool) string {
	blanks := strings.Repeat(" ", max(0, width-widthOf(text)))
	if right {
		return blanks + text
	}
	return text + blanks
}

// wrap breaks a text into printable lines of at most width columns, between words where it can, at
// most so many. What is left out of the last line goes in its middle.
func wrap(text string, width, most int) (lines []string) {
	for text != "" {
		if len(lines) == most-1 || widthOf(text) <= width {
			return append(lines, fit(text, width))
		}
		line := head(text, width)
		if line == "" {
			return append(lines, fit(text, width))
		}
		rest := text[len(line):]
		if at := strings.LastIndexByte(line, ' '); at > 0 && rest[0] != ' ' && widthOf(line[:at]) >= width/2 {
			line, rest = line[:at], text[at:]
		}
		lines, text = append(lines, row.Printable(strings.TrimRight(line, " "))), strings.TrimLeft(rest, " ")
	}
	return lines
}
