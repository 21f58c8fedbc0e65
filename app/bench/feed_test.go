//go:build bench

package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// The competitors.
const (
	pipeCopy = "pipe copy"
	sdk      = "Python SDK, reading"
	duckDB   = "DuckDB"
	ours     = "schtaskhunt"
	plain    = "rarity=command" // the first edition's question, which is the SQL's
	bounded  = "schtaskhunt, 512 MB"
	mapHalf  = "its map half"
)

// limit is how bounded is told its bound.
const limit = "max_mem_mb=512"

// feedEntries are the competitors through the protocol. The largest fleets are hunted
// in bounded memory too, if the program has such a bound.
func (l *lab) feedEntries(form string, events int, stream []byte) []*entry {
	args := argsOf(form)
	entries := []*entry{
		{who: ours, run: func() (outcome, error) { return l.hunted(stream, args) }},
		{who: pipeCopy, often: 5, run: func() (outcome, error) {
			c, err := copyThrough(stream)
			return outcome{cost: c}, err
		}},
		{who: sdk, run: func() (outcome, error) { return l.readBySDK(stream) }},
		{who: mapHalf, run: func() (outcome, error) { return l.mapped(stream, args) }},
	}
	if events > 1_000_000 && l.bounds() {
		entries = append(entries, &entry{who: bounded, run: func() (outcome, error) {
			return l.hunted(stream, append(slices.Clip(args), limit))
		}})
	}
	return entries
}

// argsOf are the options of the hunts in a form of rows.
func argsOf(form string) []string {
	args := []string{"recent=1d", "max_devices=5"}
	if form == lean {
		args = append(args, "raw=f")
	}
	return args
}

// bounds reports whether the program has a bound for its memory.
func (l *lab) bounds() bool {
	_, _, err := l.asked(limit)
	return err == nil
}

// hunted feeds the program and takes its answer apart.
func (l *lab) hunted(stream []byte, args []string) (o outcome, err error) {
	var rows []byte
	o.cost, err = search(stream, args, func(reply chunked.Chunk) error {
		rows = append(rows, reply.Body...)
		return nil
	}, l.binary, "--map=on")
	if err == nil {
		o.answer, o.beyond, err = answerOf(rows)
		o.rows = len(o.answer) + o.beyond
	}
	return o, err
}

// mapped feeds the half that would run on an indexer and measures what it passes on.
func (l *lab) mapped(stream []byte, args []string) (o outcome, err error) {
	o.cost, err = search(stream, append(slices.Clip(args), "phase=map"), func(reply chunked.Chunk) error {
		o.passed += int64(len(reply.Body))
		return nil
	}, l.binary, "--map=on")
	return o, err
}

// readBySDK feeds the command that only reads and sees that it has read all.
func (l *lab) readBySDK(stream []byte) (o outcome, err error) {
	o.cost, err = search(stream, nil, func(reply chunked.Chunk) error {
		records, err := readRecords(reply.Body)
		for _, r := range records {
			n, err := strconv.Atoi(r["events"])
			if err != nil {
				return err
			}
			o.rows += n
		}
		return err
	}, l.python, fixture("readonly.py"))
	return o, err
}

// sqlHunt has DuckDB load CSV files and hunt.
func (l *lab) sqlHunt(files ...string) (o outcome, err error) {
	out := filepath.Join(l.dir, "duckdb.csv")
	defer os.Remove(out)
	if o.cost, _, err = wholeRun(l.node, append([]string{"node", "duckdb.mjs", "hunt.sql", out}, files...)...); err != nil {
		return o, err
	}
	text, err := os.ReadFile(out)
	if err == nil {
		o.answer, err = sqlAnswer(text)
		o.rows = len(o.answer)
	}
	return o, err
}

// plainHunt has the program hunt in the same files, and keep trees as the SQL does: by the
// exact command alone.
func (l *lab) plainHunt(files ...string) (outcome, error) {
	return l.fileHunt("--rarity=command", files...)
}

// scoredHunt is the hunt as it is without options. It keeps trees for their scores, which no
// SQL of ours has, so its rows are counted only.
func (l *lab) scoredHunt(files ...string) (outcome, error) {
	o, err := l.fileHunt("--rarity=template", files...)
	o.answer = nil
	return o, err
}

func (l *lab) fileHunt(option string, files ...string) (o outcome, err error) {
	var rows []byte
	if o.cost, rows, err = wholeRun(".", append([]string{l.binary, "hunt", "--format", "csv", option}, files...)...); err == nil {
		o.answer, o.beyond, err = answerOf(rows)
		o.rows = len(o.answer) + o.beyond
	}
	return o, err
}

// generatedNow is the instant that the generator of the query's data takes for now.
const generatedNow = "2026-11-21T12:00:00Z"

func (l *lab) query(tables ...string) (outcome, error) {
	return exactly(wholeRun(".", l.binary, "hunt", "--mode", "kql", "--now", generatedNow, "--format", "csv", tables[0], tables[1]))
}

func (l *lab) sqlQuery(tables ...string) (outcome, error) {
	return exactly(wholeRun(l.oracle, "node", "run.mjs", "--now", generatedNow, "--processes", tables[0], "--network", tables[1]))
}

// exactly takes rows that have to be the same to the byte, their order aside.
func exactly(c cost, rows []byte, err error) (outcome, error) {
	if err != nil {
		return outcome{}, err
	}
	lines := sortedLines(rows)
	return outcome{cost: c, answer: lines, rows: len(lines) - 1}, nil
}

// tables has the generator write processes and 0.8 times as many connections, for
// Defender and, with the same facts, for Sysmon.
func (l *lab) tables(processes int) (dir string, err error) {
	dir = filepath.Join(l.dir, fmt.Sprintf("tables-%d", processes))
	done := filepath.Join(dir, "complete")
	if _, err := os.Stat(done); err == nil {
		return dir, nil
	}
	path := func(name string) string { return filepath.Join(dir, name) }
	if _, _, err := wholeRun(l.oracle, "python3", "gen.py", "--processes", strconv.Itoa(processes), "--out", dir, "--seed", "1"); err != nil {
		return "", err
	}
	_, _, err = wholeRun(l.oracle, "python3", "to_sysmon.py", path("processes.csv"), path("network.csv"), path("eid1.csv"), path("eid3.csv"))
	if err != nil {
		return "", err
	}
	return dir, os.WriteFile(done, nil, 0o600)
}
