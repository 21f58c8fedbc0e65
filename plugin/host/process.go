package host

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// process is a plugin's process, as go-plugin's runner.Runner. go-plugin's own would
// give the plugin our standard input and environment, wait for streams that a child
// of the plugin may hold open for ever, and leave the plugin behind when we are killed.
type process struct {
	cmd  *exec.Cmd
	log  *pluginLog
	addr string // where the socket may be

	stdin *os.File // our end: the plugin ends when it is closed
	// hello is standard output as go-plugin sees it: the first line, and no more.
	hello    *io.PipeReader
	helloOut *io.PipeWriter
	greeting chan string // the first line once more, for messages

	over   chan struct{} // closed when the process has ended
	done   chan struct{} // closed when what it started has, too
	ended  error         // how, once over is closed
	killed atomic.Bool   // we ended it
	mute   atomic.Bool   // its standard output ended without a handshake
	// started is the process once there is one.
	started atomic.Pointer[os.Process]
}

// maxHello is more than a handshake takes, which has a certificate in it, in bytes.
const maxHello = 16 << 10

// newProcess makes a process of a command, which it may change, but starts nothing.
func newProcess(cmd *exec.Cmd, run *runFolder, log *pluginLog) *process {
	p := &process{cmd: cmd, log: log, addr: run.path, greeting: make(chan string, 1), over: make(chan struct{}), done: make(chan struct{})}
	p.hello, p.helloOut = io.Pipe()
	return p
}

// Start starts the process.
func (p *process) Start(context.Context) error {
	var pipes pipes
	defer pipes.closeTheirs()
	stdin, stdout, stderr := pipes.toThem(), pipes.fromThem(), pipes.fromThem()
	if pipes.err != nil {
		pipes.closeOurs()
		return fmt.Errorf("making pipes: %w", pipes.err)
	}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = stdin.theirs, stdout.theirs, stderr.theirs
	p.stdin = stdin.ours
	started := make(chan error)
	go p.run(started, stdout.ours, stderr.ours)
	if err := <-started; err != nil {
		pipes.closeOurs()
		return cause(err)
	}
	return nil
}

// run starts the process and stays in its thread until the process has ended: on
// Linux the system kills a process whose parent has died, and takes the thread that
// started it for the parent (prctl(2), PR_SET_PDEATHSIG).
func (p *process) run(started chan<- error, stdout, stderr *os.File) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := startAdopting(p.cmd, p.addr)
	if err == nil {
		p.started.Store(p.cmd.Process)
		if p.killed.Load() { // in the meantime
			_ = p.Kill(context.Background())
		}
	}
	started <- err
	if err != nil {
		return
	}
	var readers sync.WaitGroup
	readers.Go(func() { p.readStdout(stdout) })
	readers.Go(func() { p.readStderr(stderr) })
	p.ended = p.cmd.Wait()
	close(p.over)
	// What it started itself. Its number is not given to another process so soon.
	killGroup(p.cmd.Process)
	killStrays(p.addr)
	killAdopted(p.cmd.Process.Pid)
	stopReading(stdout, stderr)
	readers.Wait()
	_ = p.stdin.Close()
	close(p.done)
}

// stopReading lets the readers have what is still in the pipes, and no more: a
// process that left the group may hold the other ends open.
func stopReading(files ...*os.File) {
	for _, f := range files {
		if f.SetReadDeadline(time.Now().Add(100*time.Millisecond)) != nil {
			_ = f.Close()
		}
	}
}

// readStdout takes the handshake from standard output, and logs the rest.
func (p *process) readStdout(stdout *os.File) {
	defer func() { _ = stdout.Close() }()
	in := bufio.NewReaderSize(stdout, maxHello)
	line, _ := in.ReadSlice('\n') // cut at maxHello; go-plugin finds out what is wrong
	p.mute.Store(len(line) == 0)
	if len(line) > 0 {
		p.greeting <- string(line)
		_, _ = p.helloOut.Write(append(bytes.TrimRight(line, "\r\n"), '\n'))
	}
	_ = p.helloOut.Close()
	p.copyToLog(in)
}

func (p *process) readStderr(stderr *os.File) {
	defer func() { _ = stderr.Close() }()
	p.copyToLog(stderr)
}

func (p *process) copyToLog(r io.Reader) {
	s := &logStream{log: p.log}
	_, _ = io.Copy(s, r)
	s.flush()
}

// end asks the process to end, by the end of its standard input, and kills it when it
// does not within grace. It reports whether it ended by itself.
func (p *process) end(grace time.Duration) (byItself bool) {
	_ = p.stdin.Close()
	if p.wait(grace) {
		return true
	}
	_ = p.Kill(context.Background())
	p.wait(grace)
	return false
}

// wait waits for the end of the process, but no longer than d, and reports whether it
// came.
func (p *process) wait(d time.Duration) bool {
	select {
	case <-p.done:
	case <-time.After(d):
	}
	return p.isDone()
}

func (p *process) isDone() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// endedItself reports whether the process, which has ended, was not killed by us.
func (p *process) endedItself() bool {
	return !p.killed.Load() || p.cmd.ProcessState.Exited()
}

// muteTime is how long a process whose standard output has ended is waited for: mostly
// it has ended with it, and how is worth knowing.
const muteTime = 300 * time.Millisecond

// isOver waits for the end of the process alone, but no longer than d, and reports whether it
// came.
func (p *process) isOver(d time.Duration) bool {
	select {
	case <-p.over:
		return true
	case <-time.After(d):
		return false
	}
}

// Kill kills the process, and those that it started.
func (p *process) Kill(context.Context) error {
	if p.isDone() || p.mute.Load() && p.isOver(muteTime) {
		return nil
	}
	p.killed.Store(true)
	if started := p.started.Load(); started != nil {
		killGroup(started)
		_ = started.Kill()
	}
	return nil
}

// Wait waits for the end of the process.
func (p *process) Wait(context.Context) error {
	<-p.done
	return p.ended
}

// Stdout returns the handshake.
func (p *process) Stdout() io.ReadCloser { return p.hello }

// Stderr returns nothing: what go-plugin would do with it is done here. Its parser of
// log lines panics on some.
func (p *process) Stderr() io.ReadCloser { return io.NopCloser(strings.NewReader("")) }

// Diagnose returns nothing: startError knows more.
func (p *process) Diagnose(context.Context) string { return "" }

// Name returns the program's name.
func (p *process) Name() string { return p.cmd.Args[0] }

// ID returns the process id, "" before the start.
func (p *process) ID() string {
	started := p.started.Load()
	if started == nil {
		return ""
	}
	return fmt.Sprint(started.Pid)
}

// PluginToHost checks where the plugin says that it listens: a plugin that says
// something else would make us connect anywhere.
func (p *process) PluginToHost(network, address string) (string, string, error) {
	switch {
	case runtime.GOOS != "windows" && network == "unix" && filepath.Dir(address) == p.addr:
		return network, address, nil
	case runtime.GOOS == "windows" && network == "tcp" && isLoopback(address):
		return network, address, nil
	}
	return "", "", fmt.Errorf("it says that it listens on %s %s, which is not where it was told to", printable(network, 20), printable(address, 200))
}

// HostToPlugin is for listeners of the host's, of which there are none.
func (p *process) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}
