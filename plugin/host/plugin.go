package host

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

// What ends a plugin. Errors of calls wrap one of them when the plugin was killed, and
// none when the plugin itself returned an error and may be called again.
var (
	ErrTimeout = errors.New("it took too long and was ended")
	ErrCrash   = errors.New("it ended")
	ErrAnswer  = errors.New("it gave an answer that cannot be used")
	ErrFlood   = errors.New("it was ended for writing")
)

// Plugin is a plugin that runs. Its methods may be called from several goroutines.
type Plugin struct {
	entry   Entry
	info    plugin.Info
	client  *goplugin.Client
	process atomic.Pointer[process]
	calls   pluginv1.PluginClient
	log     *pluginLog
	run     *runFolder
	clock   clock

	mu     sync.Mutex
	broken error // why it can no longer be called
	closed sync.Once
}

// Info returns what the plugin says of itself.
func (p *Plugin) Info() plugin.Info { return p.info }

// Took returns how long the plugin's calls took, those that overlap counted once, and
// how many there were.
func (p *Plugin) Took() (spent time.Duration, calls int) { return p.clock.took() }

// errClosed is what calls after Close return.
var errClosed = errors.New("it was closed")

// quitTime is what a plugin has to end by itself before it is killed.
const quitTime = 2 * time.Second

// Close ends the plugin and waits until it is gone, which takes no longer than a few
// seconds. The error says that the plugin did not end when it was told to and had to
// be killed: it did its work, and nothing needs to be done. A second Close does
// nothing.
func (p *Plugin) Close() (err error) {
	p.closed.Do(func() { err = p.close() })
	return err
}

func (p *Plugin) close() (err error) {
	p.mu.Lock()
	wasBroken := p.broken != nil
	if !wasBroken {
		p.broken = errClosed
	}
	p.mu.Unlock()
	if process := p.process.Load(); process != nil && process.ID() != "" {
		if !process.end(quitTime) && !wasBroken {
			err = fmt.Errorf("plugin %s: it did not end within %s of the end of its standard input and was killed", p.entry.Name, quitTime)
		}
		// Only now: go-plugin asks the plugin first, and waits for the answer for ever.
		if process.isDone() {
			p.client.Kill()
		}
	}
	p.log.silence()
	p.run.remove()
	return err
}

// call makes one call within the plugin's timeout. what says for messages what it is.
func (p *Plugin) call(ctx context.Context, what string, call func(context.Context) error) error {
	p.mu.Lock()
	broken := p.broken
	p.mu.Unlock()
	if broken != nil {
		return p.named(broken)
	}
	limit, total := p.limit()
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	over := p.clock.begin()
	err := call(limited)
	over()
	switch {
	case err == nil:
		return nil
	case expired(ctx):
		return p.named(fmt.Errorf("%s: %w", what, context.Cause(ctx)))
	case expired(limited) && total:
		spent, calls := p.Took()
		return p.named(p.breakDown(fmt.Errorf("%w: its %d calls took %s, and all of a search may take %s (total_timeout)",
			ErrTimeout, calls, spent.Round(time.Millisecond), p.entry.TotalTimeout)))
	case expired(limited):
		return p.named(p.breakDown(fmt.Errorf("%w: %s may take %s", ErrTimeout, what, p.entry.Timeout)))
	}
	return p.named(p.judge(what, err))
}

// limit is what the next call may take. total is set when that is the rest of what all
// may take.
func (p *Plugin) limit() (limit time.Duration, total bool) {
	if p.entry.TotalTimeout <= 0 {
		return p.entry.Timeout, false
	}
	spent, _ := p.Took()
	rest := max(0, p.entry.TotalTimeout-spent)
	return min(p.entry.Timeout, rest), rest < p.entry.Timeout
}

// expired reports whether a context has ended. The plugin's clock for its deadline and
// ours do not strike at the same instant, so it waits for one that is about to.
func expired(ctx context.Context) bool {
	if deadline, has := ctx.Deadline(); has && time.Until(deadline) < 20*time.Millisecond {
		<-ctx.Done()
	}
	return ctx.Err() != nil
}

// judge says what the error of a call means for the plugin.
func (p *Plugin) judge(what string, err error) error {
	if errors.Is(err, ErrAnswer) {
		return p.breakDown(fmt.Errorf("%s: %w", what, err))
	}
	text := printable(status.Convert(err).Message(), maxLogLine)
	switch status.Code(err) {
	case codes.Unavailable, codes.Canceled, codes.Aborted:
		return p.breakDown(p.crash(what))
	case codes.Internal, codes.ResourceExhausted, codes.Unimplemented, codes.DataLoss, codes.OutOfRange:
		return p.breakDown(fmt.Errorf("%s: %w: %s", what, ErrAnswer, text))
	}
	return fmt.Errorf("%s: %s", what, text)
}

// crash says how the plugin ended, for which the connection's end is the first sign.
func (p *Plugin) crash(what string) error {
	process := p.process.Load()
	if !process.wait(time.Second) {
		return fmt.Errorf("%s: %w: it closed the connection to this program, and runs on", what, ErrCrash)
	}
	return fmt.Errorf("%w (%s) in %s", ErrCrash, outcome(process), what)
}

func outcome(p *process) string {
	if p.ended == nil {
		return "exit status 0"
	}
	return printable(p.ended.Error(), 200)
}

// breakDown kills the plugin, and returns the error that all calls return from now
// on: the first one.
func (p *Plugin) breakDown(err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken == nil {
		p.broken = err
	}
	p.killIfStarted()
	return p.broken
}

func (p *Plugin) named(err error) error { return fmt.Errorf("plugin %s: %w", p.entry.Name, err) }
