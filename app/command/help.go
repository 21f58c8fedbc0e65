package command

import (
	"fmt"
	"strings"
)

const helpUsage = `schtaskhunt finds scheduled tasks that call home.

in Splunk
  index=sysmon (EventCode=1 OR EventCode=3 OR EventCode=5 OR EventCode=22) earliest=-7d
  | schtaskhunt recent=1d max_devices=5

on files
  schtaskhunt hunt [options] [--format table|csv|json] FILE...
      hunts in files, directories or - (standard input): Windows event logs (.evtx), Sysmon or
      Defender events as XML, JSON or CSV, plain, .gz, .zst or in a .zip
  schtaskhunt splunk [--chunk-rows N] [--indexers N] 'recent=1d max_devices=5' FILE...
      the same through Splunk's search command protocol
  schtaskhunt remote --url https://host:8089 --search '...' [options]
      hunts on a Splunk without the app
  schtaskhunt sample --devices N --days N --seed N --format sysmon|sysmon-xml|defender|falcon DIR
      writes a generated fleet with planted tasks, and their key planted.csv
  schtaskhunt plugins [verify | try NAME [INDICATOR...]]
      lists the installed plugins, checks their sums, and tries them
  schtaskhunt stock [--stock FILE] [COMMAND LINE | TASK NAME]
      prints what Windows itself schedules, or what is known of one command or task
  schtaskhunt version
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

// Help returns the help text, in lines of at most 100 columns: the subcommands,
// the table of options, the declared flags if any, and examples.
func Help(declared ...Flag) string {
	var b strings.Builder
	b.WriteString(helpUsage + helpOptions)
	helpOf(&b, func(opt *Option) bool { return opt.Only != ModeKQL })
	b.WriteString(helpSpans)
	b.WriteString("\noptions of mode=kql\n")
	helpOf(&b, func(opt *Option) bool { return opt.Only == ModeKQL })
	if len(declared) > 0 {
		b.WriteString("\nother flags\n")
	}
	for _, f := range declared {
		helpRow(&b, strings.TrimSpace(flagName(f.Name)+" "+f.Value), f.Default, f.Help)
	}
	b.WriteString(helpExamples)
	return b.String()
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
	helpRight = 100 - 2 - helpLeft - helpMid - 2
)

func helpRow(b *strings.Builder, flag, def, text string) {
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
