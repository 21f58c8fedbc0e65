package command

import "slices"

// Option is one row of the table of options.
type Option struct {
	Name    string
	Value   string // what stands for the value in a syntax line: <span>, t|f
	Default string // as text; empty when there is none
	Help    string // one sentence without its full stop
	List    bool   // comma-separated, and may be repeated
	Hidden  bool   // Splunk's own: in no help, no suggestion, not a flag

	// set checks text and stores it. Its error begins with the offending value;
	// the caller puts the option's name in front.
	set func(o *Options, text string) error
}

// supportedModes are the modes that this version can run.
var supportedModes = []Mode{ModeHunt}

// table holds every option, in the order help shows them.
var table = []Option{
	{
		Name: "mode", Value: "hunt|kql", Default: "hunt",
		Help: "hunt, or the original KQL query with its quirks (not in this version yet)",
		set:  setMode,
	},
	{
		Name: "root", Value: "schtask|/regex/", Default: "schtask",
		Help: "what starts a tree: the Task Scheduler, or a parent whose command line matches /regex/",
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
		Name: "max_devices", Value: "<n>", Default: "5",
		Help: "keep a tree whose root command is on at most n devices; 0 = keep all",
		set:  wholeOf(0, func(o *Options) *int { return &o.MaxDevices }),
	},
	{
		Name: "max_depth", Value: "<n>", Default: "32",
		Help: "generations to follow below the root; reaching the limit is reported",
		set:  wholeOf(1, func(o *Options) *int { return &o.MaxDepth }),
	},
	{
		Name: "internal", Value: "exclude|include|only", Default: "exclude",
		Help: "connections to addresses that are not public",
		set: oneOf(func(o *Options) *Internal { return &o.Internal },
			InternalExclude, InternalInclude, InternalOnly),
	},
	{
		Name: "allow_command", Value: "<list>", List: true,
		Help: "leave out command lines that match a * pattern, whole and case-blind",
		set:  wildcardsOf(func(o *Options) *Wildcards { return &o.AllowCommand }),
	},
	{
		Name: "allow_path", Value: "<list>", List: true,
		Help: "leave out executable paths that match a * pattern, whole and case-blind",
		set:  wildcardsOf(func(o *Options) *Wildcards { return &o.AllowPath }),
	},
	{
		Name: "allow_dest", Value: "<list>", List: true,
		Help: "hide connections to a domain and what is below it, an IP address or a CIDR range",
		set:  setAllowDest,
	},
	{
		Name: "output", Value: "all|nodes|connections|trees", Default: "all",
		Help: "which rows come back",
		set: oneOf(func(o *Options) *Output { return &o.Output },
			OutputAll, OutputNodes, OutputConnections, OutputTrees),
	},
	{
		Name: "rebuilt", Value: "connected|all|none", Default: "connected",
		Help: "show a tree whose root has no event of its own: when it connects, always, never",
		set: oneOf(func(o *Options) *Rebuilt { return &o.Rebuilt },
			RebuiltConnected, RebuiltAll, RebuiltNone),
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
