//go:build linux

package host

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

func init() {
	programs["strays"] = func() { plugin.Serve(plugin.Info{Name: "strays"}, straying{}) }
	programs["stray-host"] = runHost
}

// straying is a plugin that starts a process in a session of its own, which no signal
// to its group reaches, and tells its id. The value that it is asked for says how.
type straying struct{}

func (straying) Configure(context.Context, map[string]string) error { return nil }

func (straying) Enrich(_ context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	cmd := exec.Command("/bin/sh", "-c", "echo $$; exec sleep 600")
	switch batch[0].Value {
	case "unmarked":
		cmd.Env = []string{}
	case "orphan":
		cmd = exec.Command("/bin/sh", "-c", "sleep 600 </dev/null >/dev/null 2>&1 & echo $!")
		cmd.Env = []string{}
	case "grandchild":
		cmd = exec.Command("/bin/sh", "-c", "sleep 600 & echo $!; wait")
		cmd.Env = []string{}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	out := make([]plugin.Verdict, len(batch))
	out[0].Label = strings.TrimSpace(line)
	return out, nil
}

// stray starts the plugin and its stray process.
func stray(t *testing.T, how string) (p *Plugin, pid int) {
	t.Helper()
	p = start(t, "strays", nil)
	v, err := p.Enrich(context.Background(), []plugin.Indicator{{Value: how}})
	if err != nil {
		t.Fatal(err)
	}
	if pid, err = strconv.Atoi(v[0].Label); err != nil || !runs(pid) {
		t.Fatalf("no stray process: %q", v[0].Label)
	}
	return p, pid
}

func gone(pid int) bool {
	for range 200 {
		if !runs(pid) {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// What a plugin leaves behind in another session ends with it, however it ends; what
// others started does not.
func TestStraysEndWithThePlugin(t *testing.T) {
	bystander := exec.Command("/bin/sleep", "600")
	if err := bystander.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bystander.Process.Kill(); _ = bystander.Wait() }()
	for name, end := range map[string]func(*Plugin){
		"closed": func(p *Plugin) { _ = p.Close() }, "killed": func(p *Plugin) { _ = p.breakDown(ErrTimeout) },
		"crashed": func(p *Plugin) { _ = syscall.Kill(p.process.Load().cmd.Process.Pid, syscall.SIGKILL) },
	} {
		for _, how := range []string{"", "unmarked", "orphan", "grandchild"} {
			p, pid := stray(t, how)
			if end(p); !gone(pid) {
				t.Errorf("%s: its process is left (%s)", name, how)
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			_ = p.Close()
		}
	}
	if !runs(bystander.Process.Pid) {
		t.Error("a process of somebody else's was killed")
	}
}

// When the host itself is killed, nobody is left to end such a process: the plugin ends,
// what it started in another session does not. docs/plugins.md says so.
func TestStraysOutliveAKilledHost(t *testing.T) {
	page, err := os.ReadFile("../../docs/plugins.md")
	if err != nil || !strings.Contains(string(page), "outlives a host that is killed") {
		t.Errorf("docs/plugins.md does not say so: %v", err)
	}
	dir, conf := install(t, "strays", nil)
	if err := os.WriteFile(dir+"/sum", []byte(conf.Entries[0].SHA256), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := &exec.Cmd{Path: self, Args: []string{"stray-host", "strays"}, Dir: dir, Env: append(os.Environ(), "TMPDIR="+t.TempDir())}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	var pid int
	if _, err := fmt.Sscan(line, &pid); err != nil {
		t.Fatalf("the host says %q", line)
	}
	defer func() { _ = syscall.Kill(pid, syscall.SIGKILL) }()
	if time.Sleep(50 * time.Millisecond); !runs(pid) {
		t.Error("it ends after all: docs/plugins.md promises too little")
	}
}
