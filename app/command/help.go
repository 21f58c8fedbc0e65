package command

import (
	"fmt"
	"strings"
)

const helpHead = `schtaskhunt finds scheduled tasks that call home.

in Splunk
  index=sysmon (EventCode=1 OR EventCode=3 OR EventCode=5 OR EventCode=22) earliest=-7d
  | schtaskhunt recent=1d max_devices=5

on files
  schtaskhunt hunt FILE...
`

const helpExamples = `
examples
  schtaskhunt hunt sysmon.json.gz
  schtaskhunt hunt --recent 24h --allow-dest corel.com,10.0.0.0/8 --format csv export.csv
  schtaskhunt hunt --root '/\\services\.exe/' --output trees triage.zip
`

const helpOptions = `
options (in Splunk max_devices=5, here --max-devices 5; a list is comma-separated or repeated)
`

const helpSpans = `
a <span> is 90s, 30m, 24h, 7d, 1w or all; a <time> is epoch seconds or ISO 8601
`

// Help returns the help text of the whole program, in lines of at most 100 columns: the
// subcommands, the table of the hunt's options, and examples.
func Help(pages ...Page) string {
	var b strings.Builder
	b.WriteString(Overview(pages))
	optionRows(&b)
	b.WriteString(helpExamples)
	return b.String()
}

// optionRows writes the table of the hunt's options.
func optionRows(b *strings.Builder) {
	b.WriteString(helpOptions)
	helpOf(b, func(opt *Option) bool { return opt.Only != ModeKQL })
	b.WriteString(helpSpans)
	b.WriteString("\noptions of mode=kql\n")
	helpOf(b, func(opt *Option) bool { return opt.Only == ModeKQL })
}

// helpOf writes the rows of the options that are wanted. A long default stands behind
// the text, where it can be wrapped.
func helpOf(b *strings.Builder, wanted func(*Option) bool) {
	for i := range table {
		opt := &table[i]
		if opt.Hidden || !wanted(opt) {
			continue
		}
		def, text := opt.Default, opt.Help
		if len(def) > helpMid {
			def, text = "", text+" ("+strings.ReplaceAll(def, ",", ", ")+")"
		}
		helpRow(b, flagName(opt.Name)+" "+opt.Value, def, text)
	}
}

// Widths of the table's columns; the left one holds the longest flag and value.
const (
	helpLeft  = 36
	helpMid   = 10
	helpRight = helpWidth - 2 - helpLeft - helpMid - 2
)

// helpRow writes one row of the table. A flag that is too long for its column stands above.
func helpRow(b *strings.Builder, flag, def, text string) {
	if len(flag) > helpLeft {
		b.WriteString("  " + flag + "\n")
		flag = ""
	}
	for _, part := range wrap(text, helpRight) {
		fmt.Fprintf(b, "  %-*s %-*s %s\n", helpLeft, flag, helpMid, def, part)
		flag, def = "", ""
	}
}

// wrap breaks text between words into lines of at most width bytes.
func wrap(text string, width int) []string {
	lines, line := []string(nil), ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
