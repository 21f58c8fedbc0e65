//go:build unix

package host

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/internal/wire"
)

func init() { programs["host"] = runHost }

// runHost is a host that starts the plugin of its first argument, prints its process
// id, and waits to be killed.
func runHost() {
	sum, err := os.ReadFile("sum")
	if err != nil {
		panic(err)
	}
	program := os.Args[1]
	e := Entry{Name: program, Program: program, SHA256: string(sum), Kind: KindEnricher, Timeout: time.Hour,
		StartTimeout: time.Hour, Settings: map[string]string{"do": "environment"}}
	if program == "hang-at-start" {
		go printChild()
	}
	p, err := Open(".", Conf{Entries: []Entry{e}}, program, nil)
	if err != nil {
		panic(err)
	}
	v, err := p.Enrich(context.Background(), []plugin.Indicator{{Value: "pid"}})
	if err != nil {
		panic(err)
	}
	fmt.Println(v[0].Label)
	time.Sleep(time.Hour)
}

// printChild prints the process id of the one child that this process has and keeps: before
// its first, package os starts one that ends at once, to see what the system can do.
func printChild() {
	const looks = 10
	last, seen := "", 0
	for seen < looks {
		time.Sleep(10 * time.Millisecond)
		if child := oneChild(); child != last {
			last, seen = child, 0
		} else if child != "" {
			seen++
		}
	}
	fmt.Println(last)
}

// oneChild is the process id of some child, "" for none.
func oneChild() string {
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, task := range tasks {
		if children, _ := os.ReadFile(task); len(children) > 0 {
			return strings.Fields(string(children))[0]
		}
	}
	return ""
}

// killHost starts a host in another process, kills it when its plugin runs, and waits
// until the plugin is gone.
func killHost(t *testing.T, program string) (temporary string) {
	t.Helper()
	dir, conf := install(t, program, nil)
	if err := os.WriteFile(filepath.Join(dir, "sum"), []byte(conf.Entries[0].SHA256), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	temporary = t.TempDir()
	stdin, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := theirs.WriteString("chunked 1.0"); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := &exec.Cmd{Path: self, Args: []string{"host", program}, Dir: dir, Stdin: stdin, Stderr: &stderr,
		Env: append(os.Environ(), "TMPDIR="+temporary)}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the host said %q: %v; %s", line, err, &stderr)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || syscall.Kill(pid, 0) != nil {
		t.Fatalf("the host's plugin %q does not run", line)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for deadline := time.Now().Add(10 * time.Second); runs(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			t.Fatalf("the plugin outlives its host")
		}
	}
	stdinUntouched(t, stdin, theirs)
	return temporary
}

// stdinUntouched checks that what was written for the host is still there to be read.
func stdinUntouched(t *testing.T, stdin, writer *os.File) {
	t.Helper()
	_ = writer.Close()
	if got, err := io.ReadAll(stdin); string(got) != "chunked 1.0" {
		t.Errorf("of the host's standard input %q is left, %v", got, err)
	}
}

// runs reports whether a process is there that is no zombie.
func runs(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !strings.Contains(string(stat), ") Z ")
}

func TestPluginDiesWithItsHost(t *testing.T) {
	temporary := killHost(t, "enricher")
	if left, _ := os.ReadDir(temporary); len(left) > 0 {
		t.Errorf("there is %v left", left)
	}
}

// A plugin that does not watch its standard input dies too, where the system helps.
func TestStubbornPluginDiesWithItsHost(t *testing.T) {
	if !startsByDescriptor() {
		t.Skip("PR_SET_PDEATHSIG is Linux's")
	}
	killHost(t, "stubborn")
}

// A host that is killed while its plugin starts leaves a folder, which the next start
// of any plugin removes.
func TestNextStartSweeps(t *testing.T) {
	if !startsByDescriptor() {
		t.Skip("the test finds the plugin in /proc")
	}
	temporary := killHost(t, "hang-at-start")
	if left, _ := os.ReadDir(temporary); len(left) != 1 {
		t.Fatalf("there is %v left: the test tests nothing", left)
	}
	live, err := newRunFolder(temporary)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(temporary, runPrefix+"of-somebody")
	if err := os.Mkdir(other, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temporary)
	start(t, "enricher", nil)
	left, _ := os.ReadDir(temporary)
	if len(left) != 2 || filepath.Join(temporary, left[0].Name()) != live.path && filepath.Join(temporary, left[1].Name()) != live.path {
		t.Errorf("there is %v left, want the folder in use and the one that is not ours", left)
	}
	live.remove()
}

// The end of standard input is enough: this is what other systems than Linux have.
func TestServeEndsWithItsStdin(t *testing.T) {
	dir, _ := install(t, "enricher", nil)
	cmd := &exec.Cmd{Path: filepath.Join(dir, "enricher"), Args: []string{"enricher"},
		Env: []string{wire.CookieKey + "=" + wire.CookieValue, "PLUGIN_PROTOCOL_VERSIONS=1", "PLUGIN_UNIX_SOCKET_DIR=" + dir}}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }()
	if line, err := bufio.NewReader(stdout).ReadString('\n'); !strings.HasPrefix(line, "1|1|unix|"+dir) {
		t.Fatalf("handshake %q, %v", line, err)
	}
	_ = stdin.Close()
	within(t, quickly, "the end", func() {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
}

// A person who starts a plugin learns what it is.
func TestPluginStartedByHand(t *testing.T) {
	dir, _ := install(t, "enricher", nil)
	cmd := &exec.Cmd{Path: filepath.Join(dir, "enricher"), Args: []string{"enricher"}}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.HasPrefix(string(out), "tester 1.2 is a plugin of schtaskhunt") {
		t.Errorf("it prints %q, %v", out, err)
	}
}
