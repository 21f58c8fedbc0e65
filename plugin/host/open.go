package host

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"

	"github.com/schtaskhunt/schtaskhunt/plugin/internal/wire"
	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

// Open starts the plugin that c has under this name. dir is the app's plugin folder,
// which also is the plugin's working directory. log gets what the plugin writes: single
// lines, escaped and limited in length and number, one call at a time but from other
// goroutines, and none after Close; it may be nil.
//
// Open refuses a plugin that is not in c or is disabled, a program outside dir, one
// that others could have written to, and one whose SHA-256 is not that of c. It fails
// when the plugin does not start within its start timeout, refuses its settings, or is
// not of the kind that c says. Nothing of a plugin that failed stays behind.
//
// The caller must Close the plugin.
func Open(dir string, c Conf, name string, log func(string)) (*Plugin, error) {
	e, found := c.Entry(name)
	switch {
	case !found:
		return nil, fmt.Errorf("there is no plugin %s in schtaskhunt_plugins.conf: it has %s", printable(name, 100), orNone(c.Names()))
	case e.Disabled:
		return nil, fmt.Errorf("plugin %s is disabled in schtaskhunt_plugins.conf", name)
	}
	p, err := open(dir, e, log)
	if err != nil {
		return nil, fmt.Errorf("plugin %s: %w", name, err)
	}
	return p, nil
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func open(dir string, e Entry, log func(string)) (*Plugin, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	program, err := openProgram(dir, e)
	if err != nil {
		return nil, err
	}
	defer program.close()
	sweep(socketBase())
	run, err := newRunFolder(socketBase())
	if err != nil {
		return nil, err
	}
	if err := program.prepare(e, run); err != nil {
		run.remove()
		return nil, err
	}
	p := &Plugin{entry: e, run: run, log: &pluginLog{to: log, name: e.Name}}
	p.log.flood = func() { _ = p.breakDown(fmt.Errorf("%w more than %d MB of log", ErrFlood, maxOutput>>20)) }
	if err := p.start(dir, program); err != nil {
		p.killIfStarted()
		_ = p.Close()
		return nil, err
	}
	return p, nil
}

// start starts the program, connects to it and hands it its settings. The start
// timeout holds for all of it.
func (p *Plugin) start(dir string, program *program) error {
	ctx, cancel := context.WithTimeout(context.Background(), p.entry.StartTimeout)
	defer cancel()
	p.client = goplugin.NewClient(p.clientConfig(dir, program))
	// go-plugin connects without a deadline.
	defer context.AfterFunc(ctx, p.killIfStarted)()
	connection, err := p.client.Client()
	if err == nil {
		var calls any
		if calls, err = connection.Dispense(wire.Service); err == nil {
			p.calls = calls.(pluginv1.PluginClient)
		}
	}
	if err != nil {
		return p.startError(ctx, err)
	}
	if err := p.greet(ctx); err != nil {
		return err
	}
	// The connection stands, and there will be no other. Windows would not let a
	// program go that runs, and has no socket there.
	if runtime.GOOS != "windows" {
		p.run.remove()
	}
	return nil
}

func (p *Plugin) killIfStarted() {
	if process := p.process.Load(); process != nil {
		_ = process.Kill(context.Background())
	}
}

// maxHeaders is how long an error's text can be, with the rest of the headers, in bytes.
const maxHeaders = 64 << 10

func (p *Plugin) clientConfig(dir string, program *program) *goplugin.ClientConfig {
	return &goplugin.ClientConfig{
		HandshakeConfig:  wire.Handshake,
		Plugins:          goplugin.PluginSet{wire.Service: service{}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		RunnerFunc: func(_ hclog.Logger, given *exec.Cmd, _ string) (runner.Runner, error) {
			process := newProcess(command(dir, program, given.Env, p.run), p.run, p.log)
			p.process.Store(process)
			return process, nil
		},
		// Nobody else on this machine can speak to the plugin, or be it.
		AutoMTLS:         true,
		SkipHostEnv:      true,
		StartTimeout:     p.entry.StartTimeout + time.Second, // ours comes first
		UnixSocketConfig: &goplugin.UnixSocketConfig{TempDir: p.run.path},
		SyncStdout:       p.log.stream(),
		SyncStderr:       p.log.stream(),
		Logger:           hclog.New(&hclog.LoggerOptions{Level: hclog.Off}),
		GRPCDialOptions: []grpc.DialOption{grpc.WithMaxHeaderListSize(maxHeaders), grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(wire.MaxMessage), grpc.MaxCallSendMsgSize(wire.MaxMessage))},
	}
}

// command returns the command that starts a program. given is the environment that
// go-plugin wants it to have.
func command(dir string, program *program, given []string, run *runFolder) *exec.Cmd {
	cmd := &exec.Cmd{Path: program.path, Args: []string{program.name}, Dir: dir, Env: environment(given, run)}
	if program.path == "" {
		// Descriptor 3 is the first of the extra files. It stays open in the plugin,
		// for an interpreter has to open its script once more.
		cmd.Path, cmd.ExtraFiles = "/proc/self/fd/3", append(cmd.ExtraFiles, program.file)
	}
	return cmd
}

// environment returns all the environment that a plugin gets.
func environment(given []string, run *runFolder) []string {
	var env []string
	for _, variable := range given {
		if !strings.HasPrefix(variable, goplugin.EnvUnixSocketDir+"=") {
			env = append(env, variable)
		}
	}
	// go-plugin's own folder lies deeper, and a socket's path must be short.
	env = append(env, goplugin.EnvUnixSocketDir+"="+run.path)
	if runtime.GOOS == "windows" {
		// Without it, Windows' own libraries do not load.
		return append(env, "SystemRoot="+os.Getenv("SystemRoot"))
	}
	return append(env, "PATH=/usr/bin:/bin") // for #!/usr/bin/env
}

// startError says why the plugin could not be started.
func (p *Plugin) startError(ctx context.Context, err error) error {
	process := p.process.Load()
	if process == nil || process.ID() == "" {
		return fmt.Errorf("starting %s: %w", p.entry.Program, err)
	}
	if expired(ctx) {
		return fmt.Errorf("%w: it did not start within %s", ErrTimeout, p.entry.StartTimeout)
	}
	hello := ""
	select {
	case hello = <-process.greeting:
	default:
	}
	switch ended := process.wait(time.Second); {
	case strings.Count(hello, "|") >= 3:
		return fmt.Errorf("%w: %s", ErrAnswer, printable(err.Error(), maxLogLine))
	case hello != "":
		return fmt.Errorf("%w: it printed %s in place of the handshake: is it a plugin of schtaskhunt?", ErrAnswer, printable(strings.TrimSpace(hello), 200))
	case ended && process.endedBySignal() != "":
		return fmt.Errorf("%w before the handshake, by the signal %q: something outside of it, such as a limit on memory, or a fault in its program", ErrCrash, process.endedBySignal())
	case ended && process.endedItself():
		return fmt.Errorf("%w before the handshake (%s)", ErrCrash, outcome(process))
	}
	return fmt.Errorf("%w: it closed its standard output without a handshake", ErrAnswer)
}
