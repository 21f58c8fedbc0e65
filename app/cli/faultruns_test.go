//go:build !noremote

package cli

import (
	"bytes"
	"crypto/tls"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// terminated runs once with a search that does not end, tells the run to end, and has the
// server answer the cancel as a says.
func terminated(t *testing.T, s step, a answer) outcome {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be told to end there")
	}
	var told atomic.Bool
	own, other := func(int) *tls.Certificate { return nil }, strangerCertificate(t)
	later := func(int) *tls.Certificate {
		if told.Load() {
			return other
		}
		return nil
	}
	w := startWorld(t, a.fault == nil, later, own)
	var tries, asked atomic.Int64
	if a.fault != nil {
		w.splunkd.Fail(s.at(a.fault, &tries))
	}
	running := pretended.Rewrite(func(body []byte) []byte {
		return bytes.ReplaceAll(bytes.ReplaceAll(body, []byte(`"isDone":true`), []byte(`"isDone":false`)), []byte(`"DONE"`), []byte(`"RUNNING"`))
	})
	started := make(chan *os.Process, 1)
	w.splunkd.Fail(func(rw http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		if r.Method != http.MethodGet || strings.HasSuffix(r.URL.Path, "/results") {
			return false
		}
		if asked.Add(1) == 3 {
			told.Store(true)
			_ = (<-started).Signal(syscall.SIGTERM)
		}
		return running(rw, r, honest)
	})
	c := finishChild(t, childCommand(t, w.args(s.flags...)...), func(p *os.Process) { started <- p })
	return outcome{c, max(1, int(tries.Load())), w}
}

// mistrusted runs with servers whose certificate is another from the step on.
func mistrusted(t *testing.T, s step) outcome {
	t.Helper()
	var reached atomic.Bool
	reached.Store(s.before == "")
	own, other := func(int) *tls.Certificate { return nil }, strangerCertificate(t)
	later := func(int) *tls.Certificate {
		if reached.Load() {
			return other
		}
		return nil
	}
	splunkd, collector := later, own
	if s.hec {
		splunkd, collector = own, later
	}
	w := startWorld(t, true, splunkd, collector)
	method, suffix, _ := strings.Cut(s.before, " ")
	before := step{method: method, suffix: suffix}
	w.splunkd.Fail(func(rw http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		if s.before == "" || !before.is(r) || suffix == "/results" && r.FormValue("offset") == "0" {
			return false // after the last page another is asked for, which is empty
		}
		honest(rw, r)
		reached.Store(true) // before the answer is whole, and so before the next connection
		return true
	})
	return outcome{runChild(t, w.args(s.flags...)...), 1, w}
}
