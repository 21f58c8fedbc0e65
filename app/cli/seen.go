package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/kql"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// seen is what events of no use look like, whichever lane met them.
type seen struct {
	mu     sync.Mutex
	sights map[schema.Sight]int
}

// How many events are looked at for a message, in the first batch of a file and in each
// later one, so that no lane has a say in which; and how many kinds the message names.
const (
	mostLooked = 100
	mostLater  = 1
	mostSights = 4
)

// toLook returns how many events of a batch are looked at.
func toLook(b *source.Batch) int {
	if b.First {
		return mostLooked
	}
	return mostLater
}

func newSeen() *seen { return &seen{sights: map[schema.Sight]int{}} }

// look describes an event that is of no use.
func (s *seen) look(e source.Event, wrong error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sight := s.describe(e)
	if wrong != nil {
		sight.What += fmt.Sprintf(", broken (%v%s)", wrong, hint(wrong))
	}
	if len(s.sights) < mostLooked || s.sights[sight] > 0 {
		s.sights[sight]++
	}
}

func (s *seen) describe(e source.Event) schema.Sight {
	if e.Text == nil {
		return schema.SightOfRow(e.Columns(), e.Values())
	}
	return schema.SightOf(e.Text)
}

// isUseless reports whether nothing was read that a tree or a call can be made of.
func isUseless(l account.Ledger) bool { return l.Process == 0 && l.Connection == 0 }

// nothing is the one error that a hunt ends with which had nothing to hunt in.
func (s *seen) nothing(l account.Ledger, skipped []source.Skipped, files []string) error {
	if l.Events == 0 {
		if len(skipped) > 0 {
			return fmt.Errorf("no events came in: %s; %s", leftOut(skipped, true)[0], schema.Wanted)
		}
		return fmt.Errorf("no events came in: there are none in %s; %s", strings.Join(files[:min(len(files), 3)], ", "), schema.Wanted)
	}
	kinds := slices.SortedFunc(maps.Keys(s.sights), func(a, b schema.Sight) int {
		if s.sights[a] != s.sights[b] {
			return s.sights[b] - s.sights[a]
		}
		return strings.Compare(a.What, b.What)
	})
	var what, export []string
	for _, k := range kinds[:min(len(kinds), mostSights)] {
		what = append(what, k.What)
		if k.Export != "" && !slices.Contains(export, k.Export) {
			export = append(export, k.Export)
		}
	}
	if more := len(kinds) - mostSights; more > 0 {
		what = append(what, account.Plural(more, "other kind"))
	}
	if len(what) == 0 {
		what = []string{helpers(l)}
	}
	if len(export) == 0 {
		export = []string{"export those of the same devices, or, for another sensor, name its mapper with --mapper"}
	}
	return fmt.Errorf("none of %s is of use; they are %s; %s; %s", account.Events(l.Events), strings.Join(what, "; "), schema.Wanted, strings.Join(export, "; "))
}

// losses tells of events of no use that were given to be of use, beside others that are. They
// are counted among those that were looked at. An event that the mode has no use for is no loss.
func (s *seen) losses(mode command.Mode) (told []string) {
	lost := slices.SortedFunc(maps.Keys(s.sights), func(a, b schema.Sight) int { return strings.Compare(a.What, b.What) })
	lost = slices.DeleteFunc(lost, func(k schema.Sight) bool {
		return !k.IsLoss() || k.Lost != "" && mode == command.ModeKQL && !kql.UsesSysmon(k.Lost)
	})
	for _, k := range lost[:min(len(lost), mostSights)] {
		told = append(told, fmt.Sprintf("some events are of no use (%d of those looked at): they are %s; %s", s.sights[k], k.What, k.Export))
	}
	return told
}

// helpers are the events that tell more of trees, where all that came in are such.
func helpers(l account.Ledger) string {
	switch {
	case l.Tasks > 0 && l.End > 0:
		return "of scheduled tasks, and ends of processes"
	case l.Tasks > 0:
		return "of scheduled tasks"
	case l.End > 0:
		return "ends of processes"
	}
	return "such as cannot be read"
}

// namedLeftOut is how many files that were left out are named.
const namedLeftOut = 3

// leftOut tells of the files that were left out: each by itself while they are few, or
// when all are asked for, else in one line. The keys of a sample are told only when all are:
// whoever hunts in a generated fleet knows that they lie there.
func leftOut(skipped []source.Skipped, all bool) (told []string) {
	if !all {
		skipped = slices.DeleteFunc(slices.Clone(skipped), isOfSample)
	}
	if all || len(skipped) <= namedLeftOut {
		for _, s := range skipped {
			told = append(told, fmt.Sprintf("left out: %v", s.Reason))
		}
		return told
	}
	var first []string
	for _, s := range skipped[:namedLeftOut] {
		first = append(first, s.File)
	}
	return []string{fmt.Sprintf("%d files were left out, which are no event logs or cannot be read: %s and %d more; --verbose tells of each",
		len(skipped), strings.Join(first, ", "), len(skipped)-namedLeftOut)}
}

func isOfSample(s source.Skipped) bool {
	var foreign *source.ForeignError
	return errors.As(s.Reason, &foreign) && foreign.Sample
}
