// Package command is the option grammar of schtaskhunt. One table of options is
// the source of everything that names them: the arguments of the Splunk search
// command, the flags of the command line, the help text, the arguments handed to
// the map half, and every error about an option.
//
// The package only reads and checks text. It opens no file and starts nothing; the
// one pattern that is compiled from user text (root=/regex/) is bounded in length
// and runs in Go's regexp, in time linear in its input.
package command

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/allow"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Name is the name of the search command.
const Name = "schtaskhunt"

// Mode is the kind of hunt.
type Mode string

// The values of mode=.
const (
	ModeHunt Mode = "hunt"
	ModeKQL  Mode = "kql"
)

// Internal says what becomes of connections to addresses that are not public:
// private, loopback, link-local, CGNAT, multicast and unspecified.
type Internal string

// The values of internal=.
const (
	InternalExclude Internal = "exclude"
	InternalInclude Internal = "include"
	InternalOnly    Internal = "only"
)

// Output says which kinds of row come back.
type Output string

// The values of output=.
const (
	OutputAll         Output = "all"
	OutputNodes       Output = "nodes"
	OutputConnections Output = "connections"
	OutputTrees       Output = "trees"
	OutputFindings    Output = "findings"
	OutputTasks       Output = "tasks"
	OutputCensus      Output = "census"
	OutputProposals   Output = "proposals" // what propose= returns; output= does not name it
)

// Rarity says what max_devices counts.
type Rarity string

// The values of rarity=.
const (
	RarityTemplate Rarity = "template" // devices of the root command's template
	RarityCommand  Rarity = "command"  // devices of the exact root command
)

// Rebuilt says when to show a tree whose root process has no event of its own, so
// that the root was rebuilt from the parent fields of a child or a connection.
type Rebuilt string

// The values of rebuilt=.
const (
	RebuiltConnected Rebuilt = "connected" // when the tree has a connection
	RebuiltAll       Rebuilt = "all"
	RebuiltNone      Rebuilt = "none"
)

// Columns says which columns mode=kql returns.
type Columns string

// The values of columns=.
const (
	ColumnsMain Columns = "main"
	ColumnsAll  Columns = "all"
)

// NullKeys says whether missing keys are equal where mode=kql joins: Microsoft
// documents neither.
type NullKeys string

// The values of null_keys=.
const (
	NullKeysNoMatch NullKeys = "nomatch"
	NullKeysMatch   NullKeys = "match"
)

// Options are the checked options of one run. A value is ready to be copied; what
// it refers to is shared between copies and must not be changed.
type Options struct {
	Mode Mode
	Root Root

	// Recent is the span before now in which a tree must have been active.
	Recent Span
	// Lookback is the span before now that prevalence and patterns are counted
	// over. It is never shorter than Recent.
	Lookback Span
	// Now is the instant both spans count back from; event.NoTime when not given.
	Now event.Time

	// Dates says whether day or month stands first in dates that nothing else tells;
	// event.AnyOrder when not given.
	Dates event.DateOrder

	// MaxDevices keeps the trees whose root command is on at most so many
	// devices; 0 keeps all.
	MaxDevices int
	// MaxDepth is the number of generations to follow below the root process, 1 or
	// more.
	MaxDepth int
	// MaxMemory is what the whole process may take, in MB of 2^20 bytes, LeastMemory or
	// more.
	MaxMemory int

	Internal     Internal
	AllowCommand Wildcards
	AllowPath    Wildcards
	AllowDest    Destinations
	AllowFiles   []string   // of entries
	Allow        allow.List // what they have, once they are loaded

	// Propose are ids of findings for which entries are proposed.
	Propose []string
	// Expires is how long such an entry counts.
	Expires Span

	Output  Output
	Rebuilt Rebuilt

	// Rarity is what MaxDevices counts. By template, it is a level rather than a wall.
	Rarity Rarity
	// MinScore is the least score of a finding, in bits, that is returned.
	MinScore float64
	// Top is how many findings are returned at most, the highest first; 0 for all.
	Top int
	// Proxy says which internal addresses are ways out.
	Proxy Proxy

	// Baseline names files of censuses that earlier runs wrote.
	Baseline []string
	// BaselineDays is after how many days something that was not seen leaves a census.
	BaselineDays int
	// Shard is the share of the devices that is hunted in; the zero Shard is all.
	Shard Shard

	// Mapper and Enrich name installed plugins: those that tell how further sensors'
	// events are read, and those that give verdicts on indicators.
	Mapper, Enrich []string

	// Columns, AllowURL, Loopback and NullKeys are the query's own, in mode=kql only.
	Columns  Columns
	AllowURL []string
	Loopback []string
	NullKeys NullKeys

	// Raw asks Splunk for _raw beside the extracted fields.
	Raw bool
	// Map is set in the streaming half, which Splunk runs on the indexers.
	Map bool

	// Notes are messages for the user, of level INFO, about what was assumed.
	Notes []string
	// Warnings are messages of level WARN, about rows of lookup files.
	Warnings []string

	// given holds the text of each option that was given, by name.
	given map[string]string
	// flags is set when they were given as flags of a command line.
	flags bool
	// loaded is set when the entries of lookup files are in the allow-lists.
	loaded bool
}

// Default returns the options of a run that was given none.
func Default() Options {
	o, err := newBuilder(optionLabel).options()
	if err != nil {
		panic("the table of options has a default that it does not accept: " + err.Error())
	}
	return o
}

// Parse reads the arguments of the search command as splunkd sends them in
// searchinfo.args: quotes already removed, and blanks around the equals sign
// making tokens of their own, so that `b = "two"` arrives as b, =, two. Names and
// listed values may be in any case. An error is always a *UsageError.
func Parse(tokens []string) (Options, error) {
	pairs, err := pair(tokens)
	if err != nil {
		return Options{}, err
	}
	b := newBuilder(optionLabel)
	for _, p := range pairs {
		if err := b.add(p.name, p.value); err != nil {
			return Options{}, err
		}
	}
	o, err := b.options()
	if err != nil {
		return Options{}, err
	}
	if err := o.checkLookupNames(b.label); err != nil {
		return Options{}, err
	}
	if err := o.checkBaselineNames(b.label); err != nil {
		return Options{}, err
	}
	return o, nil
}

// Label is how errors call an option: as its user wrote it, in a search or on a command line.
func (o Options) Label(name string) string {
	if o.flags {
		return flagLabel(name)
	}
	return optionLabel(name)
}

// Given reports whether the option was given, rather than left to its default.
func (o Options) Given(name string) bool {
	_, ok := o.given[fold(name)]
	return ok
}

// Args returns the options that were given as name=value tokens, in the order of
// the table, repeated lists joined. Parse of them returns equal Options.
func (o Options) Args() []string {
	var args []string
	for _, opt := range table {
		if text, ok := o.given[opt.Name]; ok {
			args = append(args, opt.Name+"="+text)
		}
	}
	return args
}

// fold makes the spellings of a name equal: max_devices, Max_Devices, max-devices.
func fold(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "-", "_")
}
