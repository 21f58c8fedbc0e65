package host

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// quickly is less than what a plugin may take where a test does not say less, and much on a
// machine that has nothing else to do.
const quickly = 10 * time.Second

func within(t *testing.T, d time.Duration, what string, fn func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); fn() }()
	select {
	case <-done:
	case <-time.After(d):
		t.Fatalf("%s takes more than %s", what, d)
	}
}

func TestPluginsThatDoNotStart(t *testing.T) {
	for _, c := range []struct {
		program, setting string
		want             error
		says             string
	}{
		{"crash-at-start", "", ErrCrash, "it ended before the handshake (exit status 3)"},
		{"hang-at-start", "", ErrTimeout, "it did not start within 700ms"},
		{"garbage", "", ErrAnswer, `it printed <html>\x1b[31m hello in place of the handshake`},
		{"closed-stdout", "", ErrAnswer, "closed its standard output"},
		{"one-long-line", "", ErrAnswer, "it printed xxx"},
		{"other-version", "", ErrAnswer, "Plugin version: 99"},
		{"elsewhere", "", ErrAnswer, "it says that it listens on tcp 127.0.0.1:9"},
		{"nobody-listens", "", nil, "plugin nobody-listens: "},
		{"enricher", "crash in configure", ErrCrash, "it ended (exit status 4) in taking in its settings"},
		{"enricher", "hang in configure", ErrTimeout, "did not start within"},
		{"enricher", "refuse", nil, `taking in its settings: list.csv: line 7 is \a no address`},
		{"nothing", "", ErrCrash, "before the handshake (exit status 2)"},
		{"no-name", "", ErrCrash, "before the handshake (exit status 2)"},
		{"no-settings", "x", nil, "takes no settings"},
		{"mapper", "", nil, "taking in its settings"},
	} {
		t.Run(c.program+" "+c.setting, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			dir, conf := install(t, c.program, map[string]string{"do": c.setting})
			if errors.Is(c.want, ErrTimeout) {
				conf.Entries[0].StartTimeout = 700 * time.Millisecond
			}
			if c.program == "no-settings" {
				conf.Entries[0].Settings = map[string]string{"key": "value"}
			}
			within(t, 15*time.Second, "failing", func() {
				p, err := Open(dir, conf, c.program, func(line string) { t.Log(line) })
				if err == nil {
					_ = p.Close()
					t.Error("it started")
					return
				}
				if c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("error %q, want %v with %q", err, c.want, c.says)
				}
			})
			nothingLeft(t, dir)
		})
	}
}

func TestPluginsThatFailInACall(t *testing.T) {
	for _, c := range []struct {
		do   string
		want error
		says string
	}{
		{"crash", ErrCrash, "it ended (exit status 5) in judging 3 indicators"},
		{"panic", ErrCrash, "exit status 2"},
		{"hang", ErrTimeout, "judging 3 indicators may take 1s"},
		{"obey", ErrTimeout, "judging 3 indicators may take 1s"},
		{"flood stdout", nil, "it "}, // too much, or too slow: either ends it
		{"flood stderr", nil, "it "},
		{"short", ErrAnswer, "2 verdicts on 3 indicators"},
		{"empties", ErrAnswer, "larger than max"},
		{"long error", nil, "it "},
		{"long", ErrAnswer, "4 verdicts on 3 indicators"},
		{"huge", ErrAnswer, "larger than max"},
		{"label", ErrAnswer, "longer than 256 bytes"},
		{"source", ErrAnswer, "longer than 256 bytes"},
		{"utf8", ErrAnswer, "UTF-8"},
		{"ttl", ErrAnswer, "time to live -1ns"},
		{nan(), ErrAnswer, "verdict 2 has the score NaN"},
		{"+Inf", ErrAnswer, "the score +Inf"},
		{"-1", ErrAnswer, "the score -1"},
		{"100.5", ErrAnswer, "the score 100.5"},
	} {
		t.Run(c.do, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			dir, conf := install(t, "enricher", map[string]string{"do": c.do})
			if errors.Is(c.want, ErrTimeout) {
				conf.Entries[0].Timeout = time.Second
			}
			var lines []string
			p, err := Open(dir, conf, "enricher", func(line string) { lines = append(lines, line) })
			if err != nil {
				t.Fatal(err)
			}
			batch := make([]plugin.Indicator, 3)
			var first error
			within(t, 15*time.Second, "the call", func() { _, first = p.Enrich(context.Background(), batch) })
			if first == nil || c.want != nil && !errors.Is(first, c.want) || !strings.Contains(first.Error(), c.says) {
				t.Errorf("error %v, want %v with %q", first, c.want, c.says)
			}
			within(t, quickly, "the next call", func() {
				if _, err := p.Enrich(context.Background(), batch); err == nil || err.Error() != first.Error() {
					t.Errorf("the next call returns %v, want %v", err, first)
				}
			})
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			if len(lines) > maxLogLines+1 || slices.ContainsFunc(lines, func(l string) bool { return len(l) > 2*maxLogLine }) {
				t.Errorf("%d lines of log", len(lines))
			}
			nothingLeft(t, dir)
		})
	}
}

// A signal that ends a plugin before its handshake is named.
func TestKilledAtTheStart(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals on Windows")
	}
	dir, conf := install(t, "killed-at-start", nil)
	_, err := Open(dir, conf, "killed-at-start", nil)
	if !errors.Is(err, ErrCrash) || !strings.Contains(err.Error(), `by the signal "killed"`) {
		t.Errorf("error %v", err)
	}
}

// A plugin that is slow and within its timeout each time has a total, and is named with
// the time that it took.
func TestTotalTimeout(t *testing.T) {
	dir, conf := install(t, "enricher", map[string]string{"do": "slow"})
	conf.Entries[0].TotalTimeout = 400 * time.Millisecond
	p, err := Open(dir, conf, "enricher", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	good := 0
	for ; err == nil && good < 100; good++ {
		_, err = p.Enrich(context.Background(), make([]plugin.Indicator, 1))
	}
	spent, calls := p.Took()
	if !errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), "total_timeout") || !strings.Contains(err.Error(), "plugin enricher") || good > 4 {
		t.Errorf("after %d calls: %v", good, err)
	}
	if spent < 300*time.Millisecond || calls != good {
		t.Errorf("%d calls of %d took %s", calls, good, spent)
	}
}

// Calls that overlap take their time once.
func TestClock(t *testing.T) {
	var c clock
	first, second := c.begin(), c.begin()
	time.Sleep(20 * time.Millisecond)
	first()
	second()
	spent, calls := c.took()
	if time.Sleep(20 * time.Millisecond); calls != 2 || spent < 20*time.Millisecond {
		t.Errorf("%d calls took %s", calls, spent)
	}
	if again, _ := c.took(); again != spent {
		t.Errorf("%s became %s while nothing was called", spent, again)
	}
}

// An error of the plugin's own is not the end of it, nor is a caller that gives up.
func TestPluginSurvivesItsErrors(t *testing.T) {
	p := start(t, "enricher", map[string]string{"do": "error"})
	for range 2 {
		_, err := p.Enrich(context.Background(), make([]plugin.Indicator, 1))
		if err == nil || !strings.HasSuffix(err.Error(), `judging 1 indicators: the feed is \x1b[31m away`) {
			t.Fatalf("error %v", err)
		}
	}
	slow := start(t, "enricher", map[string]string{"do": "obey"})
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := slow.Enrich(ctx, make([]plugin.Indicator, 1)); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want canceled", err)
	}
	if process := slow.process.Load(); process.wait(100 * time.Millisecond) {
		t.Error("the plugin was ended because its caller gave up")
	}
}

func TestCallsAfterClose(t *testing.T) {
	p := start(t, "enricher", map[string]string{"do": "echo"})
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := p.Enrich(context.Background(), nil); !errors.Is(err, errClosed) {
		t.Errorf("error %v", err)
	}
}

func TestStubbornPluginIsKilledAtTheEnd(t *testing.T) {
	p := start(t, "stubborn", nil)
	within(t, 2*quitTime, "Close", func() {
		if err := p.Close(); err == nil || !strings.Contains(err.Error(), "was killed") {
			t.Errorf("error %v", err)
		}
	})
	if !p.process.Load().isDone() {
		t.Error("it still runs")
	}
}
