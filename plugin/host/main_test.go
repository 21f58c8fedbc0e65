package host

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// The test binary is also every plugin of these tests: under the name of one it does
// what that one does.
func TestMain(m *testing.M) {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	if run, isPlugin := programs[name]; isPlugin {
		run()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var programs = map[string]func(){
	"killed-at-start": func() {
		self, _ := os.FindProcess(os.Getpid())
		_ = self.Kill()
		time.Sleep(time.Hour)
	},
	"crash-at-start": func() { fmt.Fprintln(os.Stderr, "no licence \x1b[31m"); os.Exit(3) },
	"hang-at-start":  func() { time.Sleep(time.Hour) },
	"garbage":        func() { fmt.Println("<html>\x1b[31m hello"); time.Sleep(time.Hour) },
	"closed-stdout":  func() { _ = os.Stdout.Close(); time.Sleep(time.Hour) },
	"one-long-line":  func() { writeForEver(os.Stdout, strings.Repeat("x", 1<<20)) },
	"other-version":  func() { fmt.Println("1|99|unix|/tmp/x|grpc|"); time.Sleep(time.Hour) },
	"elsewhere":      func() { fmt.Println("1|1|tcp|127.0.0.1:9|grpc|"); time.Sleep(time.Hour) },
	"nobody-listens": func() {
		fmt.Println("1|1|unix|" + os.Getenv("PLUGIN_UNIX_SOCKET_DIR") + "/none|grpc|")
		time.Sleep(time.Hour)
	},
	"enricher": func() { plugin.Serve(plugin.Info{Name: "tester", Version: "1.2"}, &tester{}) },
	"mapper":   func() { plugin.Serve(plugin.Info{Name: "mapper", Version: "0"}, &echo{}) },
	// Does not see its standard input end.
	"stubborn": func() {
		os.Stdin, held, _ = os.Pipe()
		plugin.Serve(plugin.Info{Name: "stubborn"}, &tester{})
	},
	"nothing":     func() { plugin.Serve(plugin.Info{Name: "nothing"}, struct{}{}) },
	"no-name":     func() { plugin.Serve(plugin.Info{}, &tester{}) },
	"no-settings": func() { plugin.Serve(plugin.Info{Name: "none"}, quiet{}) },
}

// held is an end of a pipe that nobody closes: a file that is collected closes itself.
var held *os.File

func writeForEver(to *os.File, text string) {
	for {
		_, _ = to.WriteString(text)
	}
}

// tester is an enricher that does what its setting "do" says, or tells its verdicts as
// JSON in the indicators' values.
type tester struct{ do string }

func (e *tester) Configure(_ context.Context, settings map[string]string) error {
	e.do = settings["do"]
	switch e.do {
	case "crash in configure":
		os.Exit(4)
	case "hang in configure":
		time.Sleep(time.Hour)
	case "refuse":
		return errors.New("list.csv: line 7 is \x07 no address")
	}
	return nil
}

func (e *tester) Enrich(ctx context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	out := make([]plugin.Verdict, len(batch))
	switch e.do {
	case "crash":
		os.Exit(5)
	case "panic":
		panic("boom")
	case "hang":
		time.Sleep(time.Hour)
	case "slow":
		time.Sleep(120 * time.Millisecond)
	case "long error":
		return nil, errors.New(strings.Repeat("no ", 20<<20))
	case "obey":
		<-ctx.Done()
		return nil, ctx.Err()
	case "flood stdout":
		writeForEver(os.Stdout, strings.Repeat("spam\n", 1000))
	case "flood stderr":
		writeForEver(os.NewFile(2, "stderr"), strings.Repeat("spam\n", 1000))
	case "talk":
		fmt.Println("on \x1b[31mstdout")
		fmt.Fprintln(os.NewFile(2, "stderr"), `{"@level":"error","@message":7}`)
		fmt.Fprintln(os.Stderr, strings.Repeat("long", 1000))
	case "error":
		return nil, errors.New("the feed is \x1b[31m away")
	case "environment":
		out[0].Label = environmentReport(batch[0].Value)
	case "echo":
		for i := range batch {
			var v plugin.Verdict
			if err := json.Unmarshal([]byte(batch[i].Value), &v); err != nil {
				return nil, err
			}
			out[i] = v
		}
	default:
		return lies(e.do, batch), nil
	}
	return out, nil
}

// lies returns answers that cannot be.
func lies(do string, batch []plugin.Indicator) []plugin.Verdict {
	out := make([]plugin.Verdict, len(batch))
	last := &out[len(out)-1]
	switch do {
	case "short":
		return out[1:]
	case "empties":
		return make([]plugin.Verdict, 1<<20)
	case "long":
		return append(out, plugin.Verdict{})
	case "huge":
		last.Label = strings.Repeat("x", 80<<20)
	case "label":
		last.Label = strings.Repeat("x", 257)
	case "source":
		last.Source = strings.Repeat("x", 257)
	case "utf8":
		last.Label = "\xff"
	case "ttl":
		last.TTL = -1
	default:
		last.Score, _ = strconv.ParseFloat(do, 64)
	}
	return out
}

// environmentReport returns one fact about the process that it runs in.
func environmentReport(what string) string {
	switch what {
	case "names":
		var names []string
		for _, v := range os.Environ() {
			name, _, _ := strings.Cut(v, "=")
			names = append(names, name)
		}
		return strings.Join(names, " ")
	case "folder":
		folder, _ := os.Getwd()
		return folder
	case "stdin":
		n, err := os.Stdin.Read(make([]byte, 10))
		return fmt.Sprint(n, err)
	case "pid":
		return strconv.Itoa(os.Getpid())
	}
	return ""
}

type quiet struct{}

func (quiet) Enrich(_ context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	return make([]plugin.Verdict, len(batch)), nil
}

// echo is a row mapper whose mapping is JSON in its settings; it sends rows back.
type echo struct{ mapping plugin.Mapping }

func (e *echo) Configure(_ context.Context, settings map[string]string) error {
	return json.Unmarshal([]byte(settings["mapping"]), &e.mapping)
}

func (e *echo) Mapping(context.Context) (plugin.Mapping, error) { return e.mapping, nil }

func (e *echo) MapRows(_ context.Context, table string, rows []plugin.Row) ([]plugin.Row, error) {
	switch table {
	case "none":
		clear(rows)
	case "short":
		return rows[1:], nil
	case "long value":
		rows[0]["process_command"] = strings.Repeat("x", maxValue+1)
	case "long name":
		rows[0][strings.Repeat("x", maxField+1)] = "x"
	}
	return rows, nil
}

// install puts the test binary into a new plugin folder as a program, and returns the
// folder and a conf in which a plugin of the same name is.
func install(t testing.TB, program string, settings map[string]string) (dir string, c Conf) {
	t.Helper()
	dir = t.TempDir()
	self, err := os.ReadFile("/proc/self/exe")
	if runtime.GOOS != "linux" || err != nil {
		path, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		if self, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, program), self, 0o755); err != nil {
		t.Fatal(err)
	}
	if settings == nil {
		settings = map[string]string{}
	}
	sum := sha256.Sum256(self)
	return dir, Conf{Entries: []Entry{{
		Name: program, Program: program, SHA256: hex.EncodeToString(sum[:]), Kind: kindOf(program),
		Timeout: 20 * time.Second, StartTimeout: 20 * time.Second, Settings: settings,
	}}}
}

func kindOf(program string) Kind {
	if program == "mapper" {
		return KindMapper
	}
	return KindEnricher
}

// start opens a plugin, which must work, and closes it at the end of the test.
func start(t testing.TB, program string, settings map[string]string) *Plugin {
	t.Helper()
	dir, c := install(t, program, settings)
	p, err := Open(dir, c, program, func(line string) { t.Log(line) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func nan() string { return fmt.Sprint(math.NaN()) }

// nothingLeft checks that no process runs a program of the folder, and that the
// temporary folder is empty.
func nothingLeft(t *testing.T, dir string) {
	t.Helper()
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("there is %v left", left)
	}
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if exe, err := os.Readlink(link); err == nil && strings.HasPrefix(exe, dir+"/") {
			t.Errorf("%s runs %s", filepath.Dir(link), exe)
		}
	}
}
