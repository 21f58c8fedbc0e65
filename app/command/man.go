package command

import (
	"cmp"
	"strings"
)

// Man returns the manual page of the program, section 1, in the man macros of roff (man(7)):
// each subcommand with its flags and examples, then the options of the hunt.
func Man(version string, pages []Page) string {
	var b strings.Builder
	b.WriteString(".TH SCHTASKHUNT 1 \"\" \"" + Name + " " + roff(version) + "\" \"User Commands\"\n")
	b.WriteString(".SH NAME\n" + Name + " \\- finds scheduled tasks that call home\n.SH SYNOPSIS\n")
	for _, p := range pages {
		for _, use := range p.Usage {
			b.WriteString(".B " + roff(Name+" "+use) + "\n.br\n")
		}
	}
	b.WriteString(".SH COMMANDS\n")
	for _, p := range pages {
		p.man(&b)
	}
	b.WriteString(".SH OPTIONS OF THE HUNT\nIn Splunk they are written without dashes, max_devices=5 for \\-\\-max\\-devices 5.\n" +
		"A list is comma\\-separated or repeated.\n")
	for i := range table {
		if opt := &table[i]; !opt.Hidden {
			manRow(&b, flagName(opt.Name)+" "+opt.Value, opt.Default, opt.Help)
		}
	}
	b.WriteString(".SH EXIT STATUS\n0 done, 1 failed or nothing usable was read, 2 wrong usage.\n")
	return b.String()
}

// man writes the part of one subcommand.
func (p Page) man(b *strings.Builder) {
	b.WriteString(".SS " + roff(p.Name) + "\n" + roff(cmp.Or(p.About, p.Line+"\n")))
	for _, f := range p.Flags {
		name := strings.TrimSpace(flagName(f.Name) + " " + f.Value)
		if f.Short != "" {
			name = "-" + f.Short + ", " + name
		}
		manRow(b, name, f.Default, f.Help)
	}
	b.WriteString(".PP\n.nf\n")
	for _, e := range p.Examples {
		b.WriteString(roff(e) + "\n")
	}
	b.WriteString(".fi\n")
}

// manRow writes a flag with what it means and its default.
func manRow(b *strings.Builder, name, def, text string) {
	if def != "" {
		text += " (" + def + ")"
	}
	b.WriteString(".TP\n.B " + roff(name) + "\n" + roff(text) + "\n")
}

// roff writes text so that roff takes none of it for a request: backslashes and dashes as
// themselves, and no line that begins with a dot or a quote.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
