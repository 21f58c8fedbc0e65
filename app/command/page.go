package command

import (
	"cmp"
	"strings"
)

// Page is the help of one subcommand: its own flags and nothing else.
type Page struct {
	Name     string
	Line     string   // what it does, in a line, for the list of all subcommands
	Usage    []string // ways to call it, without the program's name
	About    string   // what a user has to know, in lines of at most 100 columns
	Options  bool     // the hunt's options are flags of it
	Flags    []Flag
	Examples []string // whole command lines
}

// Help returns the page as text for a terminal of so many columns, 0 for none: see Help.
func (p Page) Help(width int) string {
	h := newHelp(width)
	for _, use := range p.Usage {
		h.WriteString(Name + " " + use + "\n")
	}
	h.prose("\n" + cmp.Or(p.About, p.Line+"\n"))
	if len(p.Flags) > 0 {
		h.WriteString("\nflags\n")
		h.flags(p.Flags)
	}
	if p.Options {
		h.options()
	}
	h.WriteString("\nexamples\n")
	for _, e := range p.Examples {
		h.WriteString("  " + e + "\n")
	}
	return h.String()
}

// Overview returns the help of the program: a line for each subcommand. width is as in Help.
func Overview(width int, pages []Page) string {
	h := newHelp(width)
	h.overview(pages)
	return h.String()
}

func (h *helpText) overview(pages []Page) {
	h.prose(helpHead + "\ncommands\n")
	for _, p := range pages {
		h.command(p.Name, p.Line)
	}
	h.WriteString("\n")
	h.hanging("", Name+" COMMAND --help has the flags of one, "+Name+" help the options of the hunt.", 0)
}

// flags writes a row for each flag, its short form first.
func (h *helpText) flags(flags []Flag) {
	for _, f := range flags {
		name := strings.TrimSpace(flagName(f.Name) + " " + f.Value)
		if f.Short != "" {
			name = "-" + f.Short + ", " + name
		}
		h.row(name, f.Default, f.Help)
	}
}
