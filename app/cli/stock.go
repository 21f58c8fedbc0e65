package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
	"github.com/schtaskhunt/schtaskhunt/app/stock/golden"
)

// stockFlag names the tasks of a clean machine. In Splunk there is none: a path there is one
// of a server that nobody sees.
var stockFlag = command.Flag{
	Name: "stock", Value: "<file>",
	Help: "tasks of a clean machine are known too: exported task XML (a file or a folder), schtasks /query /xml, or Autoruns' CSV",
}

var stockPage = command.Page{
	Name: "stock", Line: "prints what Windows itself schedules, or what is known of a command or a task",
	Usage: []string{"stock [--stock FILE] [COMMAND LINE | TASK NAME]"},
	About: `Without more words it prints the table of Windows' own tasks, with tabs between its columns. A
command line or the name of a task is looked up in it. FILE is the tasks of a clean machine, which
then are known too.
`,
	Flags:    []command.Flag{stockFlag},
	Examples: []string{"schtaskhunt stock", `schtaskhunt stock '%windir%\system32\sc.exe start InventorySvc'`},
}

// printStock prints what Windows itself schedules, or what is known of a command line or a
// task's name.
func printStock(args []string, s Streams) error {
	rest, err := command.ParseDeclared(args, stockFlag)
	if err != nil {
		return err
	}
	if rest.Help {
		return s.help(stockPage)
	}
	table, err := stockTable(rest.Value(stockFlag.Name), notes{s.Err, s.Err})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.Out)
	if asked := strings.Join(rest.Files, " "); asked != "" {
		about(out, table, asked)
	} else {
		fmt.Fprintln(out, strings.Join(stockColumns, "\t"))
		for _, r := range table.Rows() {
			printRow(out, r)
		}
	}
	return out.Flush()
}

// stockTable returns Windows' own table, with a clean machine's besides. What of that
// cannot be used is said, each.
func stockTable(name string, said notes) (*stock.Table, error) {
	table := stock.Windows()
	if name == "" {
		return table, nil
	}
	rows, wrong := golden.Read(name)
	if len(rows) == 0 && len(wrong) > 0 {
		return nil, wrong[0]
	}
	table, x := table.Extend(rows)
	for _, err := range append(wrong, x.Refused...) {
		fmt.Fprintf(said.warnings, "warning: %s\n", printableError(err))
	}
	fmt.Fprintf(said.rest, "%s: %d actions of tasks added to what is known, %d were there already, %d refused, %d could not be read\n",
		row.Printable(name), x.Added, x.There, len(x.Refused), len(wrong))
	return table, nil
}

// stockColumns are the names of what printRow writes.
var stockColumns = []string{"known_by", "task", "seen_on", "account", "hidden", "does", "class", "triggers", "period", "may_start", "may_speak_to"}

// printRow writes a row as a line with tabs, in the order of the table's file.
func printRow(w io.Writer, r *stock.Row) {
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.By, r.Task, r.Seen, r.Account, hiddenWord(r), r.Action, r.Class,
		r.Triggers, r.Period, strings.Join(r.Children, " ; "), strings.Join(r.Hosts, " "))
}

func hiddenWord(r *stock.Row) string {
	if r.Hidden {
		return "hidden"
	}
	return ""
}

// about says what is known of a text in words.
func about(w io.Writer, table *stock.Table, asked string) {
	rows, how := table.About(asked)
	if len(rows) == 0 {
		fmt.Fprintf(w, "%s is neither a task nor an action nor a program that is known\n", asked)
		return
	}
	fmt.Fprintf(w, "known by %s:\n", how)
	for _, r := range rows {
		for _, line := range [][2]string{
			{"task", r.Task}, {"does", r.Does()}, {"account", r.Account}, {"hidden", hiddenWord(r)}, {"triggers", r.Triggers}, {"period", r.Period},
			{"may start", strings.Join(r.Children, "\n             ")}, {"may speak to", strings.Join(r.Hosts, " ")}, {"seen on", r.Seen}, {"known by", r.By},
		} {
			if line[1] != "" {
				fmt.Fprintf(w, "%-12s %s\n", line[0], line[1])
			}
		}
		fmt.Fprintln(w)
	}
}
