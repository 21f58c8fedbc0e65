//go:build !noremote

package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// A result that is too long to be taken is said, with how many there are and the way out,
// however results are fetched.
func TestRemoteSaysWhatIsTooLong(t *testing.T) {
	hurry(t)
	remotePolicy.MaxPage, remotePolicy.MaxRow = 1<<20, 2<<20
	events := fewEvents()
	long := slices.Clone(events.Rows[0])
	long[0] = strings.Repeat("x", 3<<20)
	table := pretended.Table{Header: events.Header, Rows: slices.Insert(slices.Clone(events.Rows), 3, long, long)}
	for _, fetch := range []string{"pages", "stream"} {
		server := startSplunkd(t, &pretended.Splunkd{Events: table})
		_, stderr, code := cli(remoteArgs(server.URL, "--fetch", fetch)...)
		if code != done || strings.Count(stderr, "2 results of more than 2 MB each left out") != 1 || !strings.Contains(stderr, "--raw f") || !strings.Contains(stderr, "malformed=2 ") {
			t.Errorf("%s: exit %d, %s", fetch, code, stderr)
		}
		if _, quiet, _ := cli(remoteArgs(startSplunkd(t, &pretended.Splunkd{Events: events}).URL, "--fetch", fetch)...); strings.Contains(quiet, "left out") && strings.Contains(quiet, "results of more") {
			t.Errorf("%s: without such results it says %s", fetch, quiet)
		}
	}
}
