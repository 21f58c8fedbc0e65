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

// Help returns the page as text, in lines of at most 100 columns.
func (p Page) Help() string {
	var b strings.Builder
	for _, use := range p.Usage {
		b.WriteString(Name + " " + use + "\n")
	}
	b.WriteString("\n" + cmp.Or(p.About, p.Line+"\n"))
	if len(p.Flags) > 0 {
		b.WriteString("\nflags\n")
		flagRows(&b, p.Flags)
	}
	if p.Options {
		optionRows(&b)
	}
	b.WriteString("\nexamples\n")
	for _, e := range p.Examples {
		b.WriteString("  " + e + "\n")
	}
	return b.String()
}

// Overview returns the help of the program: a line for each subcommand.
func Overview(pages []Page) string {
	var b strings.Builder
	b.WriteString(helpHead + "\ncommands\n")
	for _, p := range pages {
		for i, part := range wrap(p.Line, helpWidth-commandText) {
			name := p.Name
			if i > 0 {
				name = ""
			}
			b.WriteString("  " + name + strings.Repeat(" ", max(1, 12-len(name))) + part + "\n")
		}
	}
	b.WriteString("\n" + Name + " COMMAND --help has the flags of one, " + Name + " help the options of the hunt.\n")
	return b.String()
}

// flagRows writes a row for each flag, its short form first.
func flagRows(b *strings.Builder, flags []Flag) {
	for _, f := range flags {
		name := strings.TrimSpace(flagName(f.Name) + " " + f.Value)
		if f.Short != "" {
			name = "-" + f.Short + ", " + name
		}
		helpRow(b, name, f.Default, f.Help)
	}
}
