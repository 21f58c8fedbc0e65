package command

import "strings"

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

// Help returns the help text of the whole program: the subcommands, the table of the hunt's
// options, and examples. width is how many columns the terminal has that shows it, 0 for none;
// no line is wider than 100.
func Help(width int, pages ...Page) string {
	h := newHelp(width)
	h.overview(pages)
	h.options()
	h.prose(helpExamples)
	return h.String()
}

// options writes the table of the hunt's options.
func (h *helpText) options() {
	h.prose(helpOptions)
	h.optionRows(func(opt *Option) bool { return opt.Only != ModeKQL })
	h.prose(helpSpans)
	h.WriteString("\noptions of mode=kql\n")
	h.optionRows(func(opt *Option) bool { return opt.Only == ModeKQL })
}

// optionRows writes the rows of the options that are wanted. A long default stands behind
// the text, where it can be wrapped.
func (h *helpText) optionRows(wanted func(*Option) bool) {
	for i := range table {
		opt := &table[i]
		if opt.Hidden || !wanted(opt) {
			continue
		}
		def, text := opt.Default, opt.Help
		if len(def) > helpMid {
			def, text = "", text+" ("+strings.ReplaceAll(def, ",", ", ")+")"
		}
		h.row(flagName(opt.Name)+" "+opt.Value, def, text)
	}
}
