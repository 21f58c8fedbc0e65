package bundle

import (
	"fmt"
	"strings"
)

// cloudChanges are what the cloud package changes: one setting decides that no
// streaming half is announced, and what the other package sends to the indexers is
// kept from them, for Splunk Cloud's are of another kind than its search heads.
var cloudChanges = map[string]struct{ from, to string }{
	"default/commands.conf":   {"\ncommand.arg.1 = --map=on\n", "\ncommand.arg.1 = --map=off\n"},
	"default/distsearch.conf": {"\n[replicationAllowlist]\n", "\n"}, // what follows is then of [replicationDenylist]
}

// forCloud makes a file of the app that of the cloud package.
func forCloud(name, body string) (string, error) {
	change, differs := cloudChanges[name]
	if !differs {
		return body, nil
	}
	if n := strings.Count(body, change.from); n != 1 {
		return "", fmt.Errorf("the line %q, which the cloud package changes, is there %d times instead of once",
			strings.TrimSpace(change.from), n)
	}
	return strings.Replace(body, change.from, change.to, 1), nil
}
