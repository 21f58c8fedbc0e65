package bundle

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/command"
)

// terms are what the search assistant calls the values that the program's table of
// options writes in its own way (searchbnf.conf.spec: <type:name>).
var terms = map[string]string{
	"<span>": "<string:span>",
	"<time>": "<string:time>",
	"<list>": "<string:list>",
	"<n>":    "<int:n>",
	"t|f":    "<bool>",
}

// optionSyntax writes the options in the grammar of searchbnf.conf.
func optionSyntax() string {
	var options []string
	for _, opt := range command.Table() {
		if !opt.Hidden {
			options = append(options, "("+opt.Name+"="+syntaxOf(opt.Value)+")")
		}
	}
	return strings.Join(options, " | ")
}

func syntaxOf(value string) string {
	if term, known := terms[value]; known {
		return term
	}
	value = strings.ReplaceAll(value, "/regex/", "<string:regex>")
	if strings.Contains(value, "|") {
		return "(" + value + ")"
	}
	return value
}

// optionHelp writes one paragraph an option: name, default and what it is for. \i is
// a new line with an indent there.
func optionHelp() string {
	var b strings.Builder
	b.WriteString(`\i`)
	for _, opt := range command.Table() {
		if opt.Hidden {
			continue
		}
		b.WriteString("\\\n" + opt.Name + "=" + opt.Value)
		if opt.Default != "" {
			b.WriteString(" (default " + opt.Default + ")")
		}
		b.WriteString(": " + opt.Help + ".")
		if opt.Only == command.ModeKQL {
			b.WriteString(" Only with mode=kql.")
		}
		b.WriteString(` \i`)
	}
	return strings.TrimSuffix(b.String(), ` \i`)
}
