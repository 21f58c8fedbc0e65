package hunt

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
	"github.com/schtaskhunt/schtaskhunt/app/tree/roots"
)

// startersInWords says what starts the trees that presets ask for.
func startersInWords(root command.Root) string {
	var words []string
	for _, name := range root.Presets {
		if preset, _ := roots.Find(name); preset != nil {
			words = append(words, preset.Means)
		}
	}
	return strings.Join(words, ", or ")
}

// sayRoots tells of the processes that are no roots although a parent of theirs has the name
// of one that starts some.
func sayRoots(m *account.Messages, r tree.Report) {
	if r.Pretenders > 0 {
		m.Say(account.Warn, "%s not taken for roots, because the parent has the name of a program that starts some, and not its folder or its own parent: "+
			"a name-alike; root=/regex/ with its path hunts beneath it", account.Processes(r.Pretenders))
	}
	if r.Late > 0 {
		m.Say(account.Info, "%s by the shell later than two minutes after it began left out: a person's doing, not the logon's", account.Processes(r.Late))
	}
	if r.Undated > 0 {
		m.Say(account.Warn, "%s by a shell of which nothing tells when it began left out: start the search before the logons", account.Processes(r.Undated))
	}
	if r.Unfollowed > 0 {
		m.Say(account.Info, "%s below service hosts (svchost.exe) not followed: they are no service's own doing; root=/regex/ on the host's -s NAME hunts beneath one",
			account.Processes(r.Unfollowed))
	}
}
