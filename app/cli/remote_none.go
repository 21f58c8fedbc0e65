//go:build noremote

package cli

import "github.com/schtaskhunt/schtaskhunt/app/command"

var remotePage = command.Page{
	Name: "remote", Line: "is not in this build", Usage: []string{"remote"}, Examples: []string{"schtaskhunt hunt FILE", "schtaskhunt help"},
}

// remote is left out of builds with the tag noremote: a search command that splunkd
// starts has no use for it, starts sooner without, and holds no code that calls out.
func remote([]string, Streams) error {
	return command.Usage("this build of schtaskhunt has no remote; the one for the command line has")
}
