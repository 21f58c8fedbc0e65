package host

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// quickly is much less than any timeout below.
const quickly = 5 * time.Second

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
