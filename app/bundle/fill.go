package bundle

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// values gives the text that stands for a marker.
type values struct {
	source fs.FS
	fixed  map[string]string
}

// marker is @name@; a name with slashes is a search of spl/, of which a number behind it makes
// that of a share.
var marker = regexp.MustCompile(`@([a-z_]+|spl/[a-z_/]+\.spl(?: [0-9]+)?)@`)

// shareMark stands in a search of spl/ for the number of a share.
const shareMark = "<share>"

func (p Package) values() values {
	v := values{source: p.Source, fixed: map[string]string{
		"version":       p.Version,
		"build":         buildNumber(p.Version),
		"option_syntax": optionSyntax(),
		"option_help":   optionHelp(),
		"binaries":      declaration(p.Programs, p.Plugins),
	}}
	addSums(v.fixed, p.Plugins)
	return v
}

// fill replaces the markers of a file. A search is written as the file's kind has it.
func (v values) fill(name, text string) (string, error) {
	var failed error
	write := writers[path.Ext(name)]
	filled := marker.ReplaceAllStringFunc(text, func(m string) string {
		word := strings.Trim(m, "@")
		value, known := v.fixed[word]
		if !known {
			file, share, _ := strings.Cut(word, " ")
			search, err := ReadSearch(v.source, file)
			if err != nil {
				failed = err
			}
			value = strings.ReplaceAll(search, shareMark, share)
		}
		if write == nil {
			return value
		}
		return write(value)
	})
	return filled, failed
}

// writers write a text of several lines as a value of a .conf or as text of XML.
var writers = map[string]func(string) string{
	".conf": strings.NewReplacer("\\\n", "\\\\\n", "\n", " \\\n").Replace, // no blank after searchbnf.conf's \i\
	".xml":  strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace,
}

// ReadSearch reads a search of spl/ without the comment at its head, which every one
// must have: it says what the search finds and what it costs.
func ReadSearch(source fs.FS, name string) (string, error) {
	text, err := fs.ReadFile(source, name)
	if err != nil {
		return "", fmt.Errorf("reading a search: %w", err)
	}
	const fence = "```"
	before, rest, opened := strings.Cut(string(text), fence)
	comment, search, closed := strings.Cut(rest, fence)
	if !opened || !closed || strings.TrimSpace(before) != "" || !strings.Contains(comment, "Costs: ") {
		return "", fmt.Errorf("%s does not begin with a comment between ``` that says what it finds and, after \"Costs: \", what it costs", name)
	}
	return strings.TrimSpace(search), nil
}

// buildNumber grows with every version: Splunk Web keeps static files by it.
func buildNumber(version string) string {
	var major, minor, revision int
	_, _ = fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &revision) // checked in Files
	return fmt.Sprint(major*10_000 + minor*100 + revision)
}
