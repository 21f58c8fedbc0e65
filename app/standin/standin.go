// Package standin plays splunkd for one search command: it starts the command's
// program, speaks splunkd's half of the chunked protocol, and holds the program
// to the protocol's rules more strictly than splunkd does.
//
// It stands in for what splunkd does with one command: the parser's process that
// only asks getinfo, the reduce process on the search head, and, if the command
// announces a streaming_preop, one process of it on each pretended indexer. Where it
// is told to, it starts previews before, and takes the last of them away amid its
// events, or cuts these into chunks of any size. It runs no SPL and extracts no fields. What it does follows recorded
// sessions and the Splunk SDK for Python; it is no proof of how a given version of
// Splunk behaves.
package standin

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// Defaults of Config, Splunk's own (limits.conf, [searchresults] maxresultrows and
// [search] max_rawsize_perchunk).
const (
	DefaultChunkRows     = chunked.DefaultMaxResultRows
	DefaultMaxChunkBytes = 100_000_000
)

// Config is one search: a command, its arguments, and the events it gets. Run
// does not change any slice in it.
type Config struct {
	// Binary is the program, started with BinaryArgs (command.arg.N in
	// commands.conf) and nothing else. Neither may come from a search's text.
	Binary     string
	BinaryArgs []string

	Command string   // name in SPL; by default the base name of Binary
	Args    []string // arguments as splunkd unquotes them; see Tokenize
	RawArgs []string // the same as typed; by default Args

	// Header and Rows are the events, in the order to be sent; splunkd sends
	// newest first, see SortNewestFirst. Each row is as wide as Header. The column
	// __mv_x holds the multiple values of x.
	Header []string
	Rows   [][]string

	ChunkRows     int // rows of a chunk at most; 0 = DefaultChunkRows
	MaxChunkBytes int // bytes of a body about; 0 = DefaultMaxChunkBytes
	Indexers      int // processes of the map half; 0 = the preop is left out
	// Ragged, if not 0, is a seed: chunks are cut anywhere, with empty ones among them and
	// one at the end.
	Ragged uint64

	// Previews is how many times a process of its own gets the events so far, before the
	// reduce process gets them all: splunkd's way where run_in_preview is on, as it was by
	// default up to Splunk 8.2. One process more is cancelled before its last chunk.
	Previews int

	LatestTime float64   // end of the search's time range, epoch seconds; 0 = unbounded
	Stderr     io.Writer // gets what the programs write to stderr; may be nil
}

// Result is what a search gave.
type Result struct {
	Header []string
	Rows   [][]string // in the order the command wrote them, each as wide as Header

	Messages []Message
	// Error is the text the command ended the search with; empty if it did not.
	// There are no rows then.
	Error string

	RequiredFields []string // as the reduce process announced them
	Preop          string   // the streaming_preop it announced, run or not

	PreviewRows []int    // what each preview gave
	Left        []string // names of files that the command left in the dispatch directory

	RowsToReduce    int
	BytesToReduce   int64 // CSV bytes sent to the reduce process
	BytesToIndexers int64 // CSV bytes sent to the processes of the map half
	Stderr          string
}

// Message is a message of the command, with the process that sent it: "parser",
// "reduce" or "indexer 1".
type Message struct {
	Level, Text, From string
}

// Run runs a search. The error says what the program did against the protocol,
// or that it could not be run, or that ctx ended; a search that the command
// itself ended has Result.Error and no error. The Result is filled as far as the
// search went in any case. All processes have ended when Run returns.
func Run(ctx context.Context, cfg Config) (Result, error) {
	if err := cfg.complete(); err != nil {
		return Result{}, err
	}
	dir, err := os.MkdirTemp("", "standin-dispatch-")
	if err != nil {
		return Result{}, fmt.Errorf("making dispatch directory: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s := &search{cfg: cfg, ctx: ctx, dispatchDir: dir}
	err = s.run()
	s.result.Left = namesIn(dir)
	return s.result, err
}

// namesIn lists a folder; one that is gone has nothing.
func namesIn(dir string) (names []string) {
	list, _ := os.ReadDir(dir)
	for _, entry := range list {
		names = append(names, entry.Name())
	}
	return names
}

// complete fills in defaults and refuses what cannot be sent.
func (c *Config) complete() error {
	if c.Command == "" {
		c.Command = strings.TrimSuffix(filepath.Base(c.Binary), ".exe")
	}
	if c.RawArgs == nil {
		c.RawArgs = c.Args
	}
	if c.ChunkRows <= 0 {
		c.ChunkRows = DefaultChunkRows
	}
	if c.MaxChunkBytes <= 0 {
		c.MaxChunkBytes = DefaultMaxChunkBytes
	}
	if name, twice := repeated(c.Header); twice {
		return fmt.Errorf("events have the column %q twice", name)
	}
	for i, row := range c.Rows {
		if len(row) != len(c.Header) {
			return fmt.Errorf("event %d has %d columns, its header %d", i+1, len(row), len(c.Header))
		}
	}
	return nil
}

func repeated(names []string) (string, bool) {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return name, true
		}
	}
	return "", false
}
