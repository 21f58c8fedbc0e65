package hunt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// stockFor returns the table that trees are compared with: none where others are asked for
// than those that the scheduler starts.
func stockFor(c Config, start tree.Starter) *stock.Table {
	if !tree.Scheduled(start) {
		return nil
	}
	if c.Stock != nil {
		return c.Stock
	}
	return stock.Windows()
}

// owned sums up what is known of the trees of a finding.
type owned struct {
	is      score.Own
	crashed int // of its trees, those of which something crashed
}

// pretences are the reasons that speak against a run by themselves, by their names in the
// score.
var pretences = map[stock.Reason]string{
	stock.OtherAction: "hijack", stock.OtherName: "renamed", stock.OtherFolder: "elsewhere", stock.Stranger: "stranger",
}

// aboutTask are the reasons that are told of a task's name and action, which are those of all
// its runs.
var aboutTask = map[stock.Reason]bool{stock.OtherAction: true, stock.OtherName: true, stock.Stranger: true}

// judgeOwn finds out whether all trees of a finding are as known, and how they pretend to be.
func (r *ranker) judgeOwn(f *ranked) {
	starts, calls := false, false
	for i := range f.Runs {
		o := &r.run(f.Runs[i].Index).own
		f.own.add(o, i == 0)
		starts, calls = starts || o.starts, calls || o.calls
	}
	// What a large part of a fleet does is a version of Windows that nobody has listed. With
	// few devices that cannot be told, and a name is not much: certificates are fetched by all.
	few := account.Few(r.fleet)
	if !few && !f.evidence.IsRare() {
		return
	}
	says := r.against(f, few)
	switch {
	case !few && (starts || calls):
		f.evidence.Habits = score.Pretend(f.evidence.Habits, "strays", "")
	case starts:
		f.evidence.Habits = score.Pretend(f.evidence.Habits, "starts", "")
	}
	for reason := stock.Reason(0); reason.Evidence(); reason++ {
		if text, shown := says[reason]; shown {
			f.evidence.Habits = score.Pretend(f.evidence.Habits, pretences[reason], text)
		}
	}
}

// against collects what speaks against runs of a finding by itself, in words. What is about a
// task's name and action is on all devices with the task, however odd these runs are: it counts
// where the task is rare, or where few of the task's devices say so, as those of which one host's
// handler is another.
func (r *ranker) against(f *ranked, few bool) map[stock.Reason]string {
	says := make(map[stock.Reason]string)
	everywhere := !few && !f.evidence.IsRareTask()
	for i := range f.Runs {
		for _, one := range r.run(f.Runs[i].Index).own.shows {
			if everywhere && aboutTask[one.Reason] {
				n := r.claimants(f, &f.Runs[i], one.Reason)
				if n == 0 || !score.IsRare(n, r.fleet) {
					continue
				}
				one.Text = strings.TrimPrefix(fmt.Sprintf("%s; so on %d of %d devices with its command", one.Text, n, f.Task.Devices()), "; ")
			}
			if was, shown := says[one.Reason]; !shown || one.Text < was {
				says[one.Reason] = one.Text
			}
		}
	}
	return says
}

// isHijack reports whether runs of the finding have the name of one of Windows' own tasks and
// do something else.
func (f *ranked) isHijack() bool {
	return slices.ContainsFunc(f.evidence.Habits, func(h *score.Habit) bool { return h.Name == pretences[stock.OtherAction] })
}

// expected is what the table has instead, in words of the table alone.
func expected(reason stock.Reason, row *stock.Row) string {
	switch {
	case row == nil || row.Task == "":
		return ""
	case reason == stock.OtherAction:
		return row.Task + " runs " + row.Does()
	case reason == stock.OtherName:
		return row.Task + " does that"
	}
	return ""
}

// add takes one more tree. A finding is what the least sure of its trees is: one that is
// not as known makes all of it unknown.
func (o *owned) add(one *own, first bool) {
	is := score.NotOwn
	switch {
	case one.known == stock.ByWindows:
		is = score.Windows
	case one.known == stock.ByGolden:
		is = score.Golden
	case one.folds:
		is = score.Hosts
	}
	if first || is == score.NotOwn || o.is != score.NotOwn && is > o.is {
		o.is = is
	}
	o.crashed += one.crashed
}

// column is the text of the column `known`.
func (o *owned) column() string {
	switch o.is {
	case score.Windows:
		return stock.ByWindows
	case score.Golden:
		return stock.ByGolden
	case score.NotOwn, score.Hosts:
	}
	return ""
}
