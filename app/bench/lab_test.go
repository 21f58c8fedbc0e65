//go:build bench

package bench

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// lab is where everything is measured: the program and its competitors, and the sizes
// of the fleets. All it makes lies in one folder.
type lab struct {
	dir    string
	binary string
	python string // of an environment that has the SDK
	node   string // folder in which node finds DuckDB
	oracle string // folder of the generator and of the query as SQL; "" when it is not there
	sizes  []int
	rounds int
}

// newLab installs what is needed, each in its pinned version, unless an earlier run has.
func newLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{dir: os.Getenv("BENCH_DIR"), binary: os.Getenv("BENCH_BINARY"), rounds: number(t, "BENCH_ROUNDS", 5)}
	if l.dir == "" || l.binary == "" {
		t.Fatal("BENCH_DIR and BENCH_BINARY name a folder and the program to measure; make bench sets both")
	}
	for size, largest := 10_000, number(t, "BENCH_EVENTS", 10_000_000); size <= largest; size *= 10 {
		if size >= 100_000 || size == largest {
			l.sizes = append(l.sizes, size)
		}
	}
	if len(l.sizes) == 0 {
		t.Fatal("BENCH_EVENTS has to be 10000 or more")
	}
	l.python, l.node = filepath.Join(l.dir, "python", "bin", "python"), filepath.Join(l.dir, "node")
	must(t, l.installSDK(), l.installDuckDB(), l.findOracle())
	return l
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q is no positive number", name, text)
	}
	return n
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func (l *lab) installSDK() error {
	if exec.Command(l.python, "-c", "import splunklib.searchcommands").Run() == nil {
		return nil
	}
	for _, command := range [][]string{
		{"python3", "-m", "venv", "--clear", filepath.Join(l.dir, "python")},
		{l.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", fixture("requirements.txt")},
	} {
		if _, _, err := wholeRun(".", command...); err != nil {
			return fmt.Errorf("installing the Splunk SDK for Python: %w", err)
		}
	}
	return nil
}

func (l *lab) installDuckDB() error {
	if err := copyFiles(l.node, fixture("package.json"), fixture("duckdb.mjs"), fixture("hunt.sql")); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(l.node, "node_modules", "@duckdb", "node-api")); err == nil {
		return nil
	}
	if _, _, err := wholeRun(l.node, "npm", "install", "--no-package-lock", "--no-audit", "--no-fund"); err != nil {
		return fmt.Errorf("installing DuckDB for node: %w", err)
	}
	return nil
}

// findOracle copies what lies beside the checkout, or where KQL_ORACLE points, next
// to DuckDB: modules are looked for from where a script lies.
func (l *lab) findOracle() error {
	source := os.Getenv("KQL_ORACLE")
	if source == "" {
		source = filepath.Join("..", "..", "..", "shared", "oracle")
	}
	var files []string
	for _, name := range []string{"gen.py", "to_sysmon.py", "run.mjs", "csv.mjs", "seed.sql"} {
		files = append(files, filepath.Join(source, name))
	}
	err := copyFiles(l.node, files...)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // said where its figures are missing
	}
	l.oracle = l.node
	return err
}

func copyFiles(to string, files ...string) error {
	if err := os.MkdirAll(to, 0o750); err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(filepath.Join(to, filepath.Base(file)), text, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func fixture(name string) string {
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		panic(err) // there is no working directory
	}
	return path
}

// asked returns the fields that the program asks splunkd for, and how long it takes
// from its start to saying so.
func (l *lab) asked(args ...string) (fields []string, wait time.Duration, err error) {
	c := exec.Command(l.binary, "--map=on")
	stdin, err1 := c.StdinPipe()
	stdout, err2 := c.StdoutPipe()
	begun := time.Now()
	if err := errors.Join(err1, err2, c.Start()); err != nil {
		return nil, 0, err
	}
	info, err := getInfo(&session{stdin, stdout}, chunked.NewReader(stdout), args)
	wait = time.Since(begun)
	return info.RequiredFields, wait, errors.Join(err, stdin.Close(), c.Wait())
}

// inMemory maps a file, with all its pages there: reading it costs nothing while time
// is taken.
func inMemory(t *testing.T, path string) []byte {
	t.Helper()
	file, err := os.Open(path)
	must(t, err)
	defer file.Close()
	info, err := file.Stat()
	must(t, err)
	bytes, err := syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED|syscall.MAP_POPULATE)
	must(t, err)
	t.Cleanup(func() { _ = syscall.Munmap(bytes) })
	return bytes
}
