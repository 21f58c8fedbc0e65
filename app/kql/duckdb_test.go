//go:build oracle

package kql

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// cost is what one run of a program took.
type cost struct {
	wall, cpu time.Duration
	memory    int64 // bytes, at the peak
}

// TestAgainstDuckDB runs this program and the query's translation to SQL on DuckDB, by
// turns, on 1,000,000 processes and 800,000 connections, as whole processes: reading
// the CSV, the query, writing the rows. It is a benchmark that fails when it is lost,
// so it runs only where it is asked for:
//
//	make bench-kql
func TestAgainstDuckDB(t *testing.T) {
	binary := os.Getenv("KQL_BENCH")
	if binary == "" {
		t.Skip("a benchmark of minutes; make bench-kql runs it")
	}
	oracle := oracleCopy(t)
	dir := filepath.Join(oracle, "big")
	if out, err := execute(oracle, "python3", "gen.py", "--mode", "realistic", "--processes", "1000000", "--out", dir, "--seed", "1"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tables := []string{filepath.Join(dir, "processes.csv"), filepath.Join(dir, "network.csv")}
	ours := append([]string{binary, "hunt", "--mode", "kql", "--now", "2026-11-21T12:00:00Z", "--format", "csv"}, tables...)
	duck := []string{"node", "run.mjs", "--now", "2026-11-21T12:00:00Z", "--processes", tables[0], "--network", tables[1]}

	const rounds = 3
	var ourCosts, duckCosts []cost
	for range rounds {
		c, rows := measure(t, oracle, ours)
		ourCosts = append(ourCosts, c)
		d, want := measure(t, oracle, duck)
		duckCosts = append(duckCosts, d)
		if got, want := bytes.Count(rows, []byte("\n"))-1, bytes.Count(want, []byte("\n"))-1; got != want || got != 777 {
			t.Errorf("%d rows, DuckDB has %d, the generator's 777", got, want)
		}
		compareLines(t, string(rows), string(want))
	}
	a, b := median(ourCosts), median(duckCosts)
	t.Logf("\n%-12s %8s %8s %10s\n%s%s%-12s %8.2f %8.2f %10.2f", "", "wall s", "CPU s", "peak MB", a.row("mode=kql"), b.row("DuckDB"),
		"ratio", ratio(a.wall, b.wall), ratio(a.cpu, b.cpu), float64(a.memory)/float64(b.memory))
	if a.wall >= b.wall || a.memory >= b.memory {
		t.Errorf("mode=kql takes more than DuckDB")
	}
}

// measure runs a program to its end and returns what it printed.
func measure(t *testing.T, dir string, command []string) (cost, []byte) {
	t.Helper()
	var out, errs bytes.Buffer
	c := exec.Command(command[0], command[1:]...)
	c.Dir, c.Stdout, c.Stderr = dir, &out, &errs
	start := time.Now()
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", command[0], err, errs.Bytes())
	}
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{time.Since(start), c.ProcessState.UserTime() + c.ProcessState.SystemTime(), usage.Maxrss * 1024}, out.Bytes()
}

// median takes each figure's median by itself.
func median(costs []cost) cost {
	middle := func(less func(a, b cost) int) cost {
		slices.SortFunc(costs, less)
		return costs[len(costs)/2]
	}
	return cost{
		wall:   middle(func(a, b cost) int { return int(a.wall - b.wall) }).wall,
		cpu:    middle(func(a, b cost) int { return int(a.cpu - b.cpu) }).cpu,
		memory: middle(func(a, b cost) int { return int(a.memory - b.memory) }).memory,
	}
}

func (c cost) row(name string) string {
	return fmt.Sprintf("%-12s %8.2f %8.2f %10d\n", name, c.wall.Seconds(), c.cpu.Seconds(), c.memory>>20)
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }
