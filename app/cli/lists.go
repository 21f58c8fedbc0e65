package cli

import (
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// list is an output whose rows are no findings and have no trees.
type list struct {
	what string // for the error of who asks for a picture
	sums func([]row.Row) string
}

// listFormats are those that can show any row.
var listFormats = []string{"csv", "json", "jsonl"}

var lists = map[command.Output]list{
	command.OutputTasks:     {"tasks are a list", sumTasks},
	command.OutputCensus:    {"a census is a list", sumCensus},
	command.OutputProposals: {"propose returns entries", nil}, // of which the messages say what there is to say
}

func sumTasks(rows []row.Row) string { return account.Plural(len(rows), "task") }

func sumCensus(rows []row.Row) string {
	s := census.SumOf(rows)
	return fmt.Sprintf("a census of %s with %s over %s",
		account.Plural(s.Devices, "device"), account.Plural(s.Tasks, "task"), account.Plural(s.Days, "day"))
}
