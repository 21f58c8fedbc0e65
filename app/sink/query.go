package sink

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// tableCommand is how much of a command line a person sees, in characters.
const tableCommand = 160

// levels are the query's names for the processes of a path, the root first.
var levels = []string{
	"InitiatingProcessG3ParentFileName", "InitiatingProcessG2ParentFileName", "InitiatingProcessG1ParentFileName",
	"InitiatingProcessParentFileName", "InitiatingProcessFileName", "FileName",
}

// writeQuery shows the rows of the original query to a person: the path of names, the
// process that connected, and where to. The columns' own names would mislead: what
// the query calls InitiatingProcessFileName is one level of the path.
func writeQuery(w *bufio.Writer, rows []row.Row) error {
	for i, r := range rows {
		get := func(name string) string { return row.Printable(r.Get(name)) }
		var path []string
		for _, level := range levels {
			if name := get(level); name != "" {
				path = append(path, name)
			}
		}
		command := row.Printable(row.Clip(r.Get("N_InitiatingProcessCommandLine"), tableCommand))
		_, err := fmt.Fprintf(w, "#%d  %s  %s  pattern_count %s\n   %s (%s)  %s\n      -> %s\n", i+1,
			get("DeviceName"), strings.Join(path, " > "), get("pattern_count"),
			get("N_InitiatingProcessFileName"), get("N_InitiatingProcessId"), command,
			strings.Join(present(get("RemoteIP")+":"+get("RemotePort"), get("RemoteUrl"), get("ActionType"), get("Timestamp2")), "  "))
		if err != nil {
			return err
		}
	}
	return nil
}

func present(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}
