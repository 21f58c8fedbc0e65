package command

import (
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/tree/roots"
)

// Option is one row of the table of options.
type Option struct {
	Name    string
	Value   string   // what stands for the value in a syntax line: <span>, t|f
	Default string   // as text; empty when there is none
	Help    string   // one sentence without its full stop
	List    bool     // comma-separated, and may be repeated
	Hidden  bool     // Splunk's own: in no help, no suggestion, not a flag
	Choices []string // values to complete, where Value does not list them
	Only    Mode     // the one mode that has this option; empty when every mode has it

	// set checks text and stores it. Its error begins with the offending value;
	// the caller puts the option's name in front.
	set func(o *Options, text string) error
}

// table holds every option, in the order help shows them.
var table = []Option{
	{
		Name: "mode", Value: "hunt|kql", Default: "hunt",
		Help: "hunt, or kql: the original KQL query for Defender, row for row, with its quirks",
		set:  oneOf(func(o *Options) *Mode { return &o.Mode }, ModeHunt, ModeKQL),
	},
	{
		Name: "root", Value: "<presets>|/regex/", Default: "schtask", Only: ModeHunt, Choices: roots.Names(),
		Help: "what starts a tree: " + strings.Join(roots.Names(), ", ") + ", service:NAME, several with commas between; or a parent whose command line matches /regex/",
		set:  setRoot,
	},
	{
		Name: "recent", Value: "<span>", Default: "1d",
		Help: "examine trees that were active in this span before now; all = no limit",
		set:  spanOf(func(o *Options) *Span { return &o.Recent }),
	},
	{
		Name: "lookback", Value: "<span>", Default: "7d",
		Help: "count prevalence and patterns over this span before now; all = everything received",
		set:  spanOf(func(o *Options) *Span { return &o.Lookback }),
	},
	{
		Name: "now", Value: "<time>",
		Help: "epoch seconds or ISO 8601; without it, the search's latest time or the newest event",
		set:  setNow,
	},
	{
		Name: "dates", Value: "dmy|mdy", Only: ModeHunt,
		Help: "whether 06/11/2026 has the day or the month first; without it, a date such as 20/11/2026 in the same data decides, else the month is first",
		set:  setDates,
	},
	{
		Name: "max_devices", Value: "<n>", Default: "5",
		Help: "keep a tree whose root command is on at most n devices; 0 = keep all",
		set:  wholeOf(0, func(o *Options) *int { return &o.MaxDevices }),
	},
	{
		Name: "max_depth", Value: "<n>", Default: "32", Only: ModeHunt,
		Help: "generations to follow below the root; reaching the limit is reported",
		set:  wholeOf(1, func(o *Options) *int { return &o.MaxDepth }),
	},
	{
		Name: "internal", Value: "exclude|include|only", Default: "exclude", Only: ModeHunt,
		Help: "connections to addresses that are not public",
		set: oneOf(func(o *Options) *Internal { return &o.Internal },
			InternalExclude, InternalInclude, InternalOnly),
	},
	{
		Name: "allow_command", Value: "<list>", List: true,
		Help: "leave out tasks whose command line matches a * pattern, whole and case-blind, or one of a lookup file (x.csv)",
		set:  wildcardsOf(func(o *Options) *Wildcards { return &o.AllowCommand }),
	},
	{
		Name: "allow_path", Value: "<list>", List: true,
		Help: "leave out tasks whose executable path matches a * pattern, whole and case-blind, or one of a lookup file",
		set:  wildcardsOf(func(o *Options) *Wildcards { return &o.AllowPath }),
	},
	{
		Name: "allow_dest", Value: "<list>", List: true, Only: ModeHunt,
		Help: "hide connections to a domain and what is below it, an IP address, a CIDR range, or those of a lookup file",
		set:  setAllowDest,
	},
	{
		Name: "allow", Value: "<list>", List: true, Only: ModeHunt,
		Help: "leave out trees that an entry of a lookup file (x.csv) covers whole, as propose wrote it, until it expires",
		set:  setAllow,
	},
	{
		Name: "propose", Value: "<list>", List: true, Only: ModeHunt,
		Help: "ids of findings that are fine: returns the narrowest entries for allow= that cover them, what else each would hide, and until when",
		set:  setPropose,
	},
	{
		Name: "expires", Value: "<span>", Default: "90d", Only: ModeHunt,
		Help: "for how long an entry that propose returns hides what it covers",
		set:  setExpires,
	},
	{
		Name: "output", Value: "<kind>", Default: "all", Only: ModeHunt,
		Help: "which rows come back: all (nodes and connections), nodes, connections, trees, findings (what one decision settles, a row each), tasks (a row each, whatever it is), or census (what was counted, for baseline=)",
		set: oneOf(func(o *Options) *Output { return &o.Output },
			OutputAll, OutputNodes, OutputConnections, OutputTrees, OutputFindings, OutputTasks, OutputCensus),
	},
	{
		Name: "rarity", Value: "template|command", Default: "template", Only: ModeHunt,
		Help: "max_devices counts devices of a root command's template, and a high score is kept beyond it; or of the exact command",
		set:  oneOf(func(o *Options) *Rarity { return &o.Rarity }, RarityTemplate, RarityCommand),
	},
	{
		Name: "min_score", Value: "<bits>", Default: "0", Only: ModeHunt,
		Help: "leave out findings that score less",
		set:  setMinScore,
	},
	{
		Name: "top", Value: "<n>", Default: "0", Only: ModeHunt,
		Help: "at most n findings, the highest first; 0 = all",
		set:  wholeOf(0, func(o *Options) *int { return &o.Top }),
	},
	{
		Name: "proxy", Value: "auto|none|<list>", Default: "auto", List: true, Only: ModeHunt,
		Help: "internal addresses that are ways out: recognised by use, none, or these (IP, CIDR, IP:port)",
		set:  setProxy,
	},
	{
		Name: "baseline", Value: "<list>", List: true, Only: ModeHunt,
		Help: "lookup files (x.csv) of censuses that earlier runs wrote: what they counted counts as well, and what they saw is not new",
		set:  textsOf(func(o *Options) *[]string { return &o.Baseline }),
	},
	{
		Name: "baseline_days", Value: "<n>", Default: "90", Only: ModeHunt,
		Help: "days after which what was not seen leaves the census",
		set:  wholeOf(1, func(o *Options) *int { return &o.BaselineDays }),
	},
	{
		Name: "shard", Value: "<i>/<n>", Only: ModeHunt,
		Help: "only the devices of share i of n, by a digest of their names",
		set:  setShard,
	},
	{
		Name: "rebuilt", Value: "connected|all|none", Default: "connected", Only: ModeHunt,
		Help: "show a tree whose root has no event of its own: when it connects, always, never",
		set: oneOf(func(o *Options) *Rebuilt { return &o.Rebuilt },
			RebuiltConnected, RebuiltAll, RebuiltNone),
	},
	{
		Name: "mapper", Value: "<list>", List: true, Only: ModeHunt,
		Help: "installed plugins by which events of further sensors are read, such as falcon",
		set:  pluginsOf(func(o *Options) *[]string { return &o.Mapper }),
	},
	{
		Name: "enrich", Value: "<list>", List: true, Only: ModeHunt,
		Help: "installed plugins that judge addresses, names, hashes and command lines, such as lists",
		set:  pluginsOf(func(o *Options) *[]string { return &o.Enrich }),
	},
	{
		Name: "max_mem_mb", Value: "<n>", Default: "1024", Only: ModeHunt,
		Help: "megabytes that the whole process may take; events beyond go to disk, packed",
		set:  wholeOf(LeastMemory, func(o *Options) *int { return &o.MaxMemory }),
	},
	{
		Name: "columns", Value: "main|all", Default: "main", Only: ModeKQL,
		Help: "of the query's 126 columns the 27 that tell, or all",
		set:  oneOf(func(o *Options) *Columns { return &o.Columns }, ColumnsMain, ColumnsAll),
	},
	{
		Name: "allow_url", Value: "<list>", Default: "corel.com,ocsp.digicert.com,avast.com", List: true, Only: ModeKQL,
		Help: "leave out connections whose RemoteUrl has one of these terms; none = no list",
		set:  textsOf(func(o *Options) *[]string { return &o.AllowURL }),
	},
	{
		Name: "loopback", Value: "<list>", Default: "::1,127.0.0.1,::ffff:127.0.0.1", List: true, Only: ModeKQL,
		Help: "leave out connections with one of these texts as RemoteIP; none = no list",
		set:  textsOf(func(o *Options) *[]string { return &o.Loopback }),
	},
	{
		Name: "null_keys", Value: "nomatch|match", Default: "nomatch", Only: ModeKQL,
		Help: "whether a missing id or time equals another missing one where the query joins",
		set:  oneOf(func(o *Options) *NullKeys { return &o.NullKeys }, NullKeysNoMatch, NullKeysMatch),
	},
	{
		Name: "raw", Value: "t|f", Default: "t",
		Help: "ask Splunk for _raw too, for events whose fields are not extracted",
		set:  setRaw,
	},
	{
		Name: "phase", Value: "map", Hidden: true,
		Help: "the streaming half, which Splunk starts by itself",
		set:  setPhase,
	},
}

// Table returns a copy of the table of options, for those who write them up
// elsewhere, as searchbnf.conf does.
func Table() []Option { return slices.Clone(table) }

// lookup finds an option by any spelling of its name.
func lookup(name string) (*Option, bool) {
	name = fold(name)
	for i := range table {
		if table[i].Name == name {
			return &table[i], true
		}
	}
	return nil, false
}

// names returns the names that a user may use.
func names() []string {
	var list []string
	for _, opt := range table {
		if !opt.Hidden {
			list = append(list, opt.Name)
		}
	}
	return list
}
