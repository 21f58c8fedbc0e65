package hunt

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/finding"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/stock"
	"github.com/schtaskhunt/schtaskhunt/app/task"
)

// claimed remembers by what reasons roots belie their tasks' names: the same tasks of Windows'
// own run on all devices.
type claimed struct{ memo[[]stock.Reason] }

// claims are what the task of a root says of itself that its other half belies: the reason, the
// name without what differs from device to device, and the class of a COM handler, which no
// command line has. What else it runs is the template that the claim is counted under. Accounts
// have no part in it: the same claim is the same on all devices.
func (s *stockRuns) claims(root int32) []string {
	if s.stock == nil || s.tasks == nil || !s.forest.Scheduled(root) || s.tasks.Name(root).Edge != task.ByPID {
		return nil
	}
	key := s.key(root)
	key.user = 0
	all, known := s.told[key]
	if !known {
		all = s.claimsOf(&key)
		s.told[key] = all
	}
	return all
}

func (s *stockRuns) claimsOf(key *rootKey) (all []string) {
	run := s.run(key)
	reasons := s.texts.claimed.of(s.stock, &run)
	if len(reasons) == 0 {
		return nil
	}
	name := template.Append(nil, []byte(run.Task), template.NewNames(s.device))
	for _, reason := range reasons {
		all = append(all, strings.Join([]string{pretences[reason], string(name), classes(&run)}, "|"))
	}
	return all
}

// classes are those of the handlers that a run's task is defined to call.
func classes(run *stock.Run) string {
	var some []string
	for _, action := range run.Actions {
		if class, _, _ := strings.Cut(action, " "); strings.HasPrefix(class, "{") {
			some = append(some, strings.ToLower(class))
		}
	}
	return strings.Join(some, " ")
}

// of returns the reasons why a run, looked at by itself, is not what its task claims.
func (c *claimed) of(table *stock.Table, run *stock.Run) []stock.Reason {
	c.key = c.key[:0]
	for _, text := range [...]string{run.Task, run.Image, run.Command, run.ParentImage, run.ParentCommand} {
		c.key = addText(c.key, text)
	}
	for _, action := range run.Actions {
		c.key = addText(c.key, action)
	}
	return c.memo.of(func() (reasons []stock.Reason) {
		v := table.Known(*run)
		for _, reason := range v.Shows() {
			if aboutTask[reason] {
				reasons = append(reasons, reason)
			}
		}
		return reasons
	})
}

// claimants returns on how many devices the runs of a finding's task make the same claim as one
// of its runs does, 0 where that run makes none.
func (r *ranker) claimants(f *ranked, run *finding.Run, reason stock.Reason) int {
	for _, fact := range run.Facts {
		if fact.Kind == rarity.Claim && strings.HasPrefix(r.Text(fact.Text), pretences[reason]+"|") {
			return f.Task.Facts[fact].Devices()
		}
	}
	return 0
}
