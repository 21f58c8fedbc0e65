package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/source"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

var splunkFlags = append([]command.Flag{
	{Name: "chunk-rows", Value: "<n>", Default: "50000", Check: command.Whole(1), Help: "rows of a chunk at most"},
	{Name: "indexers", Value: "<n>", Default: "2", Check: command.Whole(0), Help: "indexers to pretend; 0 runs no map half"},
	{Name: "fields", Value: "raw|extracted|both", Default: "raw", Check: command.OneOf("raw", "extracted", "both"),
		Help: "what events hold: their text in _raw, fields as an add-on extracts them, or both"},
	{Name: "verbose", Short: "v", Help: "also each file that was left out, or is damaged"},
}, outputFlags...)

var splunkPage = command.Page{
	Name: "splunk", Line: "hunts in files through Splunk's search command protocol, with a stand-in for splunkd",
	Usage: []string{"splunk [flags] 'OPTIONS' FILE..."}, Flags: splunkFlags,
	About: `OPTIONS are those of the search command in one word, which may be empty: schtaskhunt help has them.
`,
	Examples: []string{"schtaskhunt splunk 'recent=1d max_devices=5' events.jsonl", "schtaskhunt splunk --indexers 3 --chunk-rows 100 '' logs/"},
}

// splunk hunts in files as Splunk would: it starts this program again as a search
// command and plays splunkd for it.
func splunk(args []string, s Streams) error {
	rest, err := command.ParseDeclared(args, splunkFlags...)
	if err != nil {
		return err
	}
	if rest.Help {
		return s.help(splunkPage)
	}
	if len(rest.Files) < 2 {
		return command.Usage("splunk needs the command's options as one word, which may be empty, and a file: schtaskhunt splunk 'recent=1d' events.jsonl")
	}
	out, err := newOutput(askedOf(rest.Files[0]), rest, s)
	if err != nil {
		return err
	}
	if err := checkApart(out.file, rest.Files[1:], s); err != nil {
		return err
	}
	result, err := search(rest, s)
	if err != nil {
		return fmt.Errorf("playing splunkd: %w", err)
	}
	if err := tellAnswer(result, out.quiet, s); err != nil {
		return err
	}
	return writeAnswer(result, out, rest)
}

// askedOf reads the command's options as Splunk has them. Those that are wrong are for the
// command to refuse, and decide nothing here.
func askedOf(arguments string) command.Options {
	tokens, _, err := standin.Tokenize(arguments)
	if err != nil {
		return command.Default()
	}
	options, err := command.Parse(tokens)
	if err != nil {
		return command.Default()
	}
	return options
}

// tellAnswer tells what the command said, and returns what it failed of.
func tellAnswer(result standin.Result, quiet bool, s Streams) error {
	for _, m := range result.Messages {
		switch {
		case quiet && m.Level != account.Warn:
		case m.From == "reduce":
			tell(s.Err, m.Level, m.Text)
		default:
			tell(s.Err, m.Level, m.From+": "+m.Text)
		}
	}
	if result.Stderr != "" {
		return fmt.Errorf("playing splunkd: the command wrote to stderr: %s", result.Stderr)
	}
	if result.Error != "" {
		return errors.New(result.Error)
	}
	return nil
}

// writeAnswer writes the rows that Splunk would show.
func writeAnswer(result standin.Result, out *output, rest command.Rest) error {
	columns := result.Header
	for n := len(columns); n > 0 && strings.HasPrefix(columns[n-1], chunked.MVPrefix); n-- {
		columns = columns[:n-1] // what Splunk alone needs stands last
	}
	if !slices.Contains(columns, "tree_id") && rest.Value("format") == "" { // a list: it has no trees to draw
		out.options.Format = "csv"
	}
	header, rows := row.NewHeader(columns), make([]row.Row, len(result.Rows))
	for i, r := range result.Rows {
		rows[i] = header.Row(r[:len(columns)])
	}
	written, about := account.Result{Columns: columns, Rows: rows}, sink.About{Version: Version}
	if err := out.write(written, about); err != nil {
		return err
	}
	return out.brief(written, about)
}

// schemasFor returns what the events' fields are extracted by: an add-on for the events
// of a mapper would know them. Arguments that are wrong are for the command to refuse.
func schemasFor(arguments []string) (*schema.Set, error) {
	o, err := command.Parse(arguments)
	if err != nil {
		return schema.BuiltIn(), nil
	}
	o.Enrich = nil
	opened, err := engine.OpenPlugins(o, findPlugins)
	if wrong := (*command.UsageError)(nil); errors.As(err, &wrong) {
		return schema.BuiltIn(), nil
	}
	defer opened.Close()
	return opened.Schemas(), err
}

// search reads the files into Splunk events and runs the search over them.
func search(rest command.Rest, s Streams) (standin.Result, error) {
	arguments, raw, err := standin.Tokenize(rest.Files[0])
	if err != nil {
		return standin.Result{}, err
	}
	schemas, err := schemasFor(arguments)
	if err != nil {
		return standin.Result{}, err
	}
	index, err := newIndex(rest.Value("fields"), schemas)
	if err != nil {
		return standin.Result{}, err
	}
	notes := &source.Notes{}
	r := reading{notes: notes}
	for _, file := range rest.Files[1:] {
		stats, err := eachBatch(source.Source{Notes: notes, Names: schemas.Names(), Own: ownTables()}, file, s, func(b *source.Batch) error { return b.Each(index.add) })
		if err != nil {
			return standin.Result{}, err
		}
		r.skipped = append(r.skipped, stats.Skipped...)
	}
	r.tellFiles(s.Err, rest.Switch("verbose"))
	binary, err := os.Executable()
	if err != nil {
		return standin.Result{}, err
	}
	header, rows := index.table()
	standin.SortNewestFirst(header, rows)
	return standin.Run(context.Background(), standin.Config{
		Binary: binary, Command: command.Name, Args: arguments, RawArgs: raw, Header: header, Rows: rows,
		ChunkRows: rest.Int("chunk-rows"), Indexers: rest.Int("indexers"),
	})
}
