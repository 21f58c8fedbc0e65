//go:build unix && !noremote

package cli

import (
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// Each signal to end cancels the search on the server.
func TestRemoteInterrupted(t *testing.T) {
	hurry(t)
	heard := make(chan os.Signal, 1) // under nohup a hangup is ignored, and nothing would end the search
	signal.Notify(heard, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(heard) })
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		server := startSplunkd(t, &pretended.Splunkd{Polls: 1 << 30})
		var asked atomic.Int32
		server.Fail(func(http.ResponseWriter, *http.Request, http.HandlerFunc) bool {
			if asked.Add(1) == 5 {
				_ = syscall.Kill(os.Getpid(), sig)
			}
			return false
		})
		_, stderr, code := cli(remoteArgs(server.URL)...)
		if _, cancelled := server.Started(); code != failed || cancelled != 1 || !strings.Contains(stderr, "told to stop") {
			t.Errorf("%s: exit %d, %d cancelled, %s", sig, code, cancelled, stderr)
		}
	}
}

// A cancel that the server refuses is said, once, and nothing is said against it.
func TestRemoteCannotCancel(t *testing.T) {
	hurry(t)
	server := startSplunkd(t, &pretended.Splunkd{Polls: 1 << 30})
	var asked atomic.Int32
	server.Fail(pretended.Status(403, `{"messages":[{"type":"ERROR","text":"not yours"}]}`).Matching("POST", "/control"))
	server.Fail(func(http.ResponseWriter, *http.Request, http.HandlerFunc) bool {
		if asked.Add(1) == 3 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
		}
		return false
	})
	_, stderr, code := cli(remoteArgs(server.URL)...)
	if code != failed || strings.Count(stderr, "could not be cancelled") != 1 || strings.Contains(stderr, "told to stop") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// The second signal ends the program at once, whatever the server does.
func TestRemoteSecondSignal(t *testing.T) {
	server := startSplunkd(t, &pretended.Splunkd{Polls: 1 << 30})
	program := childCommand(t, remoteArgs(server.URL)...)
	polled, cancelling := make(chan bool), make(chan bool)
	var once, twice sync.Once
	server.Fail(func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		if strings.HasSuffix(r.URL.Path, "/control") {
			once.Do(func() { close(cancelling) })
			return pretended.Hang()(w, r, honest)
		}
		if r.Method == http.MethodGet {
			twice.Do(func() { close(polled) })
		}
		return false
	})
	var stderr strings.Builder
	program.Stderr = &stderr
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	<-polled
	_ = program.Process.Signal(syscall.SIGTERM)
	<-cancelling
	_ = program.Process.Signal(syscall.SIGTERM)
	_ = program.Wait()
	if program.ProcessState.ExitCode() != failed || !strings.Contains(stderr.String(), "second signal") {
		t.Errorf("it ended with %v, %s", program.ProcessState, stderr.String())
	}
}
