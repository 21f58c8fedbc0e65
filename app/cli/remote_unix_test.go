//go:build unix && !noremote

package cli

import (
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// Ctrl-C cancels the search on the server.
func TestRemoteInterrupted(t *testing.T) {
	hurry(t)
	server := startSplunkd(t, &pretended.Splunkd{Polls: 1 << 30})
	var asked atomic.Int32
	server.Fail(func(http.ResponseWriter, *http.Request, http.HandlerFunc) bool {
		if asked.Add(1) == 5 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
		}
		return false
	})
	_, stderr, code := cli(remoteArgs(server.URL)...)
	if _, cancelled := server.Started(); code != failed || cancelled != 1 || !strings.Contains(stderr, "interrupted") {
		t.Errorf("exit %d, %d cancelled, %s", code, cancelled, stderr)
	}
}
