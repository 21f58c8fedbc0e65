//go:build bench

package bench

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// The contests.
const (
	fleetFiles = "fleet as CSV, hunt"
	tableHunt  = "tables as CSV, hunt"
	tableQuery = "tables as CSV, mode=kql"
	byTurns    = "fed, lean, by turns"
)

// target is one promise about speed or memory.
type target struct {
	promise  string
	figure   float64
	limit    float64
	atLeast  bool // the limit is the least, not the most
	measured bool
}

func (t target) met() bool {
	if t.atLeast {
		return t.measured && t.figure >= t.limit
	}
	return t.measured && t.figure <= t.limit
}

func (t target) verdict() string {
	switch {
	case !t.measured:
		return "NOT MEASURED"
	case t.met():
		return "met"
	}
	return "MISSED"
}

// report is all that was measured.
type report struct {
	contests []*contest
	getInfo  time.Duration // from the start to the reply, at the median
}

func (r *report) find(name string, size int) *contest {
	for _, c := range r.contests {
		if c.name == name && c.size == size {
			return c
		}
	}
	return &contest{}
}

// ratio promises that a figure of one competitor is at most, or at least, so many
// times that of another.
func (r *report) ratio(promise string, of, to *entry, figure func(cost) float64, limit float64, atLeast bool) target {
	t := target{promise: promise, limit: limit, atLeast: atLeast}
	if of != nil && to != nil {
		t.figure, t.measured = figure(of.median())/figure(to.median()), true
	}
	return t
}

func wall(c cost) float64  { return c.Wall.Seconds() }
func speed(c cost) float64 { return 1 / c.Wall.Seconds() }
func peak(c cost) float64  { return float64(c.Memory) }

const (
	most  = false
	least = true
)

// targets are the promises, held against the fleet of one size. They are made for
// 1,000,000 on a machine of two cores.
func (r *report) targets(size int) []target {
	at := func(contest, who string) *entry { return r.find(contest, size).find(who) }
	leanRows, withRaw, xmlOnly := feedOf(lean), feedOf(extracted), feedOf(rawOnly)
	list := []target{
		r.ratio("mode=kql, wall time of DuckDB's", at(tableQuery, ours), at(tableQuery, duckDB), wall, 1.0/4, most),
		r.ratio("mode=kql, peak memory of DuckDB's", at(tableQuery, ours), at(tableQuery, duckDB), peak, 1.0/4, most),
		r.ratio("the hunt, wall time of DuckDB's", at(tableHunt, ours), at(tableHunt, duckDB), wall, 1.0/2, most),
		r.ratio("the hunt, peak memory of DuckDB's", at(tableHunt, ours), at(tableHunt, duckDB), peak, 1.0/4, most),
		r.ratio("rarity=command, wall time of DuckDB's", at(tableHunt, plain), at(tableHunt, duckDB), wall, 1.0/2, most),
		r.ratio("lean rows, speed of a pipe copy", at(leanRows, ours), at(leanRows, pipeCopy), speed, 0.20, least),
		r.ratio("rows with fields and _raw, speed of a pipe copy", at(withRaw, ours), at(withRaw, pipeCopy), speed, 0.50, least),
		r.ratio("_raw XML only, speed of a pipe copy", at(xmlOnly, ours), at(xmlOnly, pipeCopy), speed, 0.25, least),
		r.ratio("lean rows, speed of the Python SDK's reading", at(leanRows, ours), at(leanRows, sdk), speed, 5, least),
		r.ratio("rows with fields and _raw, speed of the SDK's reading", at(withRaw, ours), at(withRaw, sdk), speed, 8, least),
		r.ratio("_raw XML only, speed of the SDK's reading", at(xmlOnly, ours), at(xmlOnly, sdk), speed, 8, least),
		{promise: "start to getinfo reply, ms", figure: float64(r.getInfo.Microseconds()) / 1000, limit: 15, measured: true},
	}
	return append(list, r.boundedTargets()...)
}

// boundedTargets are the promises about 10,000,000 events in bounded memory. The wall time is
// that of runs by turns with those of 1,000,000 (see growth).
func (r *report) boundedTargets() []target {
	million, ten := r.find(byTurns, 1_000_000).find(ours), r.find(byTurns, 10_000_000).find(bounded)
	rss := target{promise: "10,000,000 events under " + limit + ", peak MB", limit: 600}
	for _, o := range slices.Concat(r.find(feedOf(lean), 10_000_000).find(bounded).all(), ten.all()) {
		rss.figure, rss.measured = max(rss.figure, peak(o.cost)/(1<<20)), true
	}
	return []target{rss, r.ratio("10,000,000 events under "+limit+", wall time of 1,000,000", ten, million, wall, 11, most)}
}

func feedOf(form string) string { return "fed, " + form }

// printTargets lists the promises and returns how many are not kept.
func printTargets(w io.Writer, size int, targets []target) (missed int) {
	fmt.Fprintf(w, "\ntargets, at a fleet of %d\n", size)
	for _, t := range targets {
		sign, figure := "<=", "-"
		if t.atLeast {
			sign = ">="
		}
		if t.measured {
			figure = fmt.Sprintf("%.2f", t.figure)
		}
		fmt.Fprintf(w, "%-12s %8s %s %-6.4g %s\n", t.verdict(), figure, sign, t.limit, t.promise)
		if !t.met() {
			missed++
		}
	}
	return missed
}
