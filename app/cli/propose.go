package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
)

var proposeFlags = []command.Flag{
	{Name: "finding", Value: "<list>", Help: "finding_id of what is fine, several with commas between"},
	{Name: "marked", Value: "<file>", Help: "a file of results (csv or json) in which only rows of what is fine are left: their finding_id"},
	{Name: "format", Value: "csv|json", Default: "csv", Check: command.OneOf("csv", "json"), Help: "how to print rows; --allow reads csv"},
	{Name: "out-file", Short: "o", Value: "<file>", Check: checkOutFile, Help: "write to a file"},
	stockFlag,
	{Name: "verbose", Short: "v", Help: "also each file with its size, and the options"},
	{Name: "quiet", Short: "q", Help: "no progress and no messages but warnings and errors"},
}

var proposePage = command.Page{
	Name: "propose", Line: "proposes entries for an allow-list: the narrowest that hide findings which are fine",
	Usage: []string{"propose --finding ID[,ID] [flags] FILE...", "propose --marked RESULTS [flags] FILE..."}, Options: true, Flags: proposeFlags,
	About: `FILE is what the findings were found in; give the options of that hunt too, or the ids are others.
An entry (a row of CSV, for --allow) says of all programs of a finding's trees which files they are
and what their command lines were, and whom they called. All of it has to be so, whole, and nothing
in it stands for anything else. The messages and the last columns say what it hides besides.
What lies where users may write has an entry only where its digest is known; else the row says why.
An id that no finding has is wrong usage: the entries of all others are written, nothing if there is none.
`,
	Examples: []string{
		"schtaskhunt propose --finding 4f0c9b1e22a35d70 -o allow.csv events.jsonl",
		"schtaskhunt hunt --allow allow.csv events.jsonl",
	},
}

// propose proposes entries for findings in files.
func propose(args []string, s Streams) error {
	_, rest, err := command.ParseFlags(args, proposeFlags...)
	if err != nil {
		return err
	}
	if rest.Help {
		return s.help(proposePage)
	}
	ids, err := markedIDs(rest)
	if err != nil {
		return err
	}
	if len(rest.Files) == 0 {
		return command.Usage("propose needs the files that the findings were found in: schtaskhunt propose --finding ID events.jsonl")
	}
	options, rest, err := command.ParseFlags(append([]string{"--propose", strings.Join(ids, ",")}, args...), proposeFlags...)
	if err != nil {
		return err
	}
	return huntFiles(options, rest, args, s)
}

// markedIDs are the findings that are fine.
func markedIDs(rest command.Rest) (ids []string, err error) {
	for id := range strings.SplitSeq(rest.Value("finding"), ",") {
		if id = strings.TrimSpace(id); id != "" {
			ids = append(ids, id)
		}
	}
	if file := rest.Value("marked"); file != "" {
		more, err := idsIn(file)
		if err != nil {
			return nil, command.Usage("flag %q: %w", "--marked", err)
		}
		ids = append(ids, more...)
	}
	if len(ids) == 0 {
		return nil, command.Usage("propose needs to know what is fine: --finding ID, or --marked with a file of such results")
	}
	return ids, nil
}

// mostUnfound is how many ids are named that no finding has: messages name each.
const mostUnfound = 3

// unfound is the error of a run that was asked for findings which are not there.
func unfound(result account.Result) error {
	ids := result.Unfound
	if len(ids) == 0 {
		return nil
	}
	named := strings.Join(ids[:min(len(ids), mostUnfound)], ", ")
	if more := len(ids) - mostUnfound; more > 0 {
		named += fmt.Sprintf(" and %d more", more)
	}
	if result.Unanswered() {
		return command.Usage("no finding has the id %s: nothing was written", named)
	}
	return command.Usage("no finding has the id %s: what was written is for the other findings alone", named)
}

// idsIn returns the ids of the findings that a file of results has rows of, each once.
func idsIn(file string) (ids []string, err error) {
	text, err := readList(file)
	if err != nil {
		return nil, fmt.Errorf("%q cannot be read: %w", file, bare(err))
	}
	text = bytes.TrimSpace(text)
	read := idsOfCSV
	if bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")) {
		read = idsOfJSON
	}
	if ids, err = read(text); err != nil {
		return nil, fmt.Errorf("%q: %w", file, err)
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" })
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil, fmt.Errorf("%q has no row with a finding_id", file)
	}
	return ids, nil
}

func readList(file string) ([]byte, error) {
	list, err := openList(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = list.Close() }() // it was only read
	return io.ReadAll(list)
}

func idsOfCSV(text []byte) (ids []string, err error) {
	rows := csv.NewReader(bytes.NewReader(text))
	rows.FieldsPerRecord = -1
	header, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("reading its first row: %w", err)
	}
	at := slices.Index(header, "finding_id")
	if at < 0 {
		return nil, errors.New("its first row has no column finding_id")
	}
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return ids, nil
		case err != nil:
			return nil, err
		case at < len(row):
			ids = append(ids, row[at])
		}
	}
}

// idsOfJSON reads objects, one after the other or in an array, also as Splunk exports them,
// in `result`.
func idsOfJSON(text []byte) (ids []string, err error) {
	type result struct {
		ID string `json:"finding_id"`
	}
	type object struct {
		result
		Result result `json:"result"`
	}
	take := func(o object) { ids = append(ids, o.ID, o.Result.ID) }
	objects := json.NewDecoder(bytes.NewReader(text))
	if text[0] == '[' {
		var all []object
		if err := objects.Decode(&all); err != nil {
			return nil, err
		}
		for _, o := range all {
			take(o)
		}
		return ids, nil
	}
	for {
		var o object
		switch err := objects.Decode(&o); {
		case errors.Is(err, io.EOF):
			return ids, nil
		case err != nil:
			return nil, err
		}
		take(o)
	}
}
