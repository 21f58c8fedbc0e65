package plugins_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// TestMain makes the test binary a plugin that misbehaves, under the name of one: before
// its handshake by the end of its name, behind it by its settings.
func TestMain(m *testing.M) {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	if how, isPlugin := strings.CutPrefix(name, badPlugin); isPlugin {
		if early, has := handshakes[strings.TrimPrefix(how, "-")]; has {
			early()
			time.Sleep(time.Hour)
		}
		plugin.Serve(plugin.Info{Name: "bad", Version: "0"}, &bad{})
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const badPlugin = "misbehaving-plugin"

// handshakes are what plugins do in place of a handshake.
var handshakes = map[string]func(){
	"exit":    func() { os.Exit(0) },
	"crash":   func() { fmt.Fprintln(os.Stderr, "no licence \x1b[31m"); os.Exit(3) },
	"killed":  killMyself,
	"hang":    func() {},
	"page":    func() { fmt.Println("<html>\x1b[31m hello") },
	"version": func() { fmt.Println("1|99|unix|/nowhere|grpc|") },
	"tcp":     func() { fmt.Println("1|1|tcp|127.0.0.1:9|grpc|") },
	"closed":  func() { _ = os.Stdout.Close() },
	"stubborn": func() {
		os.Stdin, held, _ = os.Pipe()
		plugin.Serve(plugin.Info{Name: "stubborn"}, &bad{})
	},
}

// held is an end of a pipe that nobody closes: a file that is collected closes itself.
var held *os.File

func killMyself() {
	self, _ := os.FindProcess(os.Getpid())
	_ = self.Kill()
	time.Sleep(time.Hour)
}

// bad does what its setting says at the moment that its setting says.
type bad struct{ do string }

func (b *bad) Configure(_ context.Context, settings map[string]string) error {
	b.do = settings["do"]
	return b.misbehave("start")
}

func (b *bad) misbehave(at string) error {
	switch b.do {
	case "crash in " + at:
		os.Exit(7)
	case "exit in " + at:
		os.Exit(0)
	case "killed in " + at:
		killMyself()
	case "hang in " + at:
		time.Sleep(time.Hour)
	case "slow in " + at:
		time.Sleep(300 * time.Millisecond)
	case "flood in " + at:
		for {
			fmt.Println(strings.Repeat("spam", 1<<12))
		}
	case "flood errors in " + at:
		stream := os.NewFile(2, "stderr") // once: one that is collected closes what it stands for
		for {
			fmt.Fprintln(stream, strings.Repeat("spam", 1<<12))
		}
	case "fail in " + at:
		return errors.New("line 7 is \x1b[31m wrong")
	}
	return nil
}

func (b *bad) Enrich(_ context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	all := func(v plugin.Verdict) []plugin.Verdict { return slices.Repeat([]plugin.Verdict{v}, len(batch)) }
	switch b.do {
	case "lie with a number":
		return all(plugin.Verdict{Score: math.NaN()}), nil
	case "lie with a score":
		return all(plugin.Verdict{Score: 1000}), nil
	case "lie by leaving out":
		return make([]plugin.Verdict, len(batch)-1), nil
	case "lie with a million":
		return make([]plugin.Verdict, 1<<20), nil
	case "lie with a huge text":
		return append(all(plugin.Verdict{})[1:], plugin.Verdict{Label: strings.Repeat("x", 80<<20)}), nil
	case "lie with a long text":
		return all(plugin.Verdict{Score: 1, Label: strings.Repeat("x", 257)}), nil
	case "lie with bytes":
		return all(plugin.Verdict{Score: 1, Source: "\xff\xfe"}), nil
	case "lie with a time":
		return all(plugin.Verdict{Score: 1, TTL: -1}), nil
	case "leave a child":
		return all(plugin.Verdict{Score: 1, Label: "fed"}), leaveChild()
	}
	return all(plugin.Verdict{Score: 1, Label: "fed"}), b.misbehave("enrich")
}

// leaveChild starts a process that does not end, out of the plugin folder so that it is found.
func leaveChild() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child := &exec.Cmd{Path: self, Args: []string{badPlugin + "-hang"}, SysProcAttr: ownSession()}
	return child.Start()
}

func (b *bad) Mapping(context.Context) (plugin.Mapping, error) {
	if b.do == "lie about ids" {
		return doors.Liar{}.Mapping(context.Background())
	}
	is := []plugin.Condition{{Fields: []string{"odd"}, Test: plugin.TestPresent}}
	m := plugin.Mapping{Gate: [][]plugin.Condition{is}, Tables: []plugin.Table{{Name: "odd", Kind: plugin.ProcessStart, When: is, ByPlugin: true}}}
	table := &m.Tables[0]
	for _, field := range []string{"device", "process_id", "process_path", "time"} {
		table.Rules = append(table.Rules, plugin.Rule{To: field, From: []string{field}, Optional: true})
	}
	switch b.do {
	case "lie in mapping":
		table.ByPlugin, table.Rules = false, []plugin.Rule{{To: "shell", From: []string{"odd"}}}
	case "lie about a kind":
		table.Kind = "rumour"
	case "lie with a huge mapping":
		table.Rules = append(table.Rules, plugin.Rule{To: "process_command", From: slices.Repeat([]string{strings.Repeat("x", 1<<20)}, 100)})
	}
	return m, b.misbehave("mapping")
}

// huge is a row of 100 MB, of which no value is too long by itself.
func huge() plugin.Row {
	row, value := plugin.Row{}, strings.Repeat("x", 1<<20)
	for i := range 100 {
		row[fmt.Sprint("process_command", i)] = value
	}
	return row
}

func (b *bad) MapRows(_ context.Context, _ string, rows []plugin.Row) ([]plugin.Row, error) {
	out := make([]plugin.Row, len(rows))
	for i := range out {
		switch b.do {
		case "lie with empty rows":
			out[i] = plugin.Row{}
		case "lie with unknown fields":
			out[i] = plugin.Row{"shell": "1", "device": "PC1"}
		case "lie with a long value":
			out[i] = plugin.Row{"process_path": strings.Repeat("x", 1<<20+1)}
		case "lie with huge rows":
			out[i] = huge()
		case "lie with times":
			out[i] = plugin.Row{"device": "Beta.corp.example", "process_id": "many", "time": "the day before"}
		}
	}
	if b.do == "lie with fewer rows" {
		return out[1:], nil
	}
	return out, b.misbehave("rows")
}
