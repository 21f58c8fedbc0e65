//go:build judge

package judging

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/sample/judge"
	"github.com/schtaskhunt/schtaskhunt/app/sample/rival"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// judgeFleet makes a fleet, unless it is there, hunts in it and judges what is found. A
// verdict of the same program is not made twice, so that a run that was cut off goes on.
func judgeFleet(t *testing.T, f judged, seed int) (v verdict) {
	binary, began := os.Getenv("JUDGE_BINARY"), time.Now()
	dir, err := makeFleet(binary, f, seed)
	if err != nil {
		t.Error(err)
		return v
	}
	key, err := readJudgeKey(dir)
	if err != nil {
		t.Error(err)
		return v
	}
	of := digest(t, binary)
	err = remembered(dir+".verdict-"+of+".json", &v, func() (verdict, error) { return verdictOn(binary, f, seed, dir, key) })
	if err == nil && f.rivals {
		err = remembered(dir+".rivals-"+of+".json", &v.Rivals, func() (map[string]int, error) {
			if os.Getenv("JUDGE_RIVALS") == "0" {
				return nil, errLeftOut
			}
			return rivals(binary, f, dir, key)
		})
	}
	if errors.Is(err, errLeftOut) {
		err = nil
	}
	if err != nil {
		t.Errorf("%s, seed %d: %v", f.name, seed, err)
	}
	fmt.Fprintf(os.Stderr, "%s devices, seed %d: %d, %d, %d of %d, the last at %d; %s\n", f.name, seed, v.First25, v.First40, v.First150, v.Planted, v.Last,
		time.Since(began).Round(time.Second))
	return v
}

// errLeftOut says that no published way is to rank that did not before.
var errLeftOut = errors.New("left out")

// remembered reads what was found out before, or finds it out and writes it.
func remembered[T any](file string, what *T, find func() (T, error)) error {
	if text, err := os.ReadFile(file); err == nil {
		return json.Unmarshal(text, what)
	}
	found, err := find()
	if err != nil {
		return err
	}
	*what = found
	text, err := json.Marshal(found)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

func readJudgeKey(dir string) (*judge.Key, error) {
	file, err := os.Open(filepath.Join(dir, "planted.csv"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return judge.ReadKey(file)
}

// digest is that of a file, for short.
func digest(t *testing.T, file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("JUDGE_BINARY is the program to judge: %v", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:4])
}

// makeFleet generates a fleet beneath JUDGE_DIR. One that is there whole is used again:
// `make clean` after a change of the generator.
func makeFleet(binary string, f judged, seed int) (dir string, err error) {
	dir = filepath.Join(os.Getenv("JUDGE_DIR"), strings.NewReplacer(", ", "-", ",", "").Replace(f.name)+"-"+strconv.Itoa(seed))
	if _, err := os.Stat(dir + ".done"); err == nil {
		return dir, nil
	}
	args := []string{"sample", "--profile", "realistic", "--tail", "0.25", "--devices", strconv.Itoa(f.devices), "--days", strconv.Itoa(f.days),
		"--seed", strconv.Itoa(seed), "--format", "sysmon"}
	if f.fresh {
		args = append(args, "--fresh", "1")
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := program(binary, append(args, dir), func(out io.Reader) error { _, err := io.Copy(io.Discard, out); return err }); err != nil {
		return "", err
	}
	return dir, os.WriteFile(dir+".done", nil, 0o644)
}

// program runs the program and has what it prints read.
func program(binary string, args []string, read func(io.Reader) error) error {
	var said bytes.Buffer
	cmd := exec.Command(binary, args...)
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return err
	}
	wrong := read(out)
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%q: %w: %s", args, err, said.String())
	}
	return wrong
}

// hunted are the rows of trees that a hunt finds.
func hunted(binary string, f judged, dir string, options ...string) (rows []judge.Row, err error) {
	args := append([]string{"hunt", "--recent", f.recent, "--lookback", f.lookback, "--output", "trees", "--format", "csv"}, options...)
	err = program(binary, append(args, dir), func(out io.Reader) (err error) {
		rows, err = judge.ReadColumns(out, "row", "_time", "device", "process_guid", "root_process", "root_template", "tree_id", "finding_id", "score", "why")
		return err
	})
	return rows, err
}

func verdictOn(binary string, f judged, seed int, dir string, key *judge.Key) (v verdict, err error) {
	trees, err := hunted(binary, f, dir)
	if err != nil {
		return v, err
	}
	v = f.verdict(seed, judge.Judge(judge.Case{Key: key, Trees: trees}))
	v.Without = without(key, trees)
	return v, nil
}

// without ranks the findings with each part of their scores left out, and returns how many
// channels are among the first 25. What is kept stays what it is.
func without(key *judge.Key, trees []judge.Row) map[string]int {
	first := map[string]int{}
	order, _ := judge.ParseOrder("left desc")
	left := func(name string, parts ...string) {
		judge.LeaveOut(trees, "left", parts...)
		r := judge.Judge(judge.Case{Key: key, Trees: trees, Order: order})
		first[name] = r.Within(25)
	}
	for _, part := range judge.PartsOf(trees) {
		left("`"+part+"`", part)
	}
	left("all of `cadence`, `inside` and `drift`", "cadence", "inside", "drift")
	left("all habits", habitNames()...)
	return first
}

func habitNames() (names []string) {
	for i := range score.Habits {
		names = append(names, score.Habits[i].Name)
	}
	for i := range score.Pretences {
		names = append(names, score.Pretences[i].Name)
	}
	return names
}

// rivals ranks all trees of the recent time by other ways, which see the whole lookback.
func rivals(binary string, f judged, dir string, key *judge.Key) (map[string]int, error) {
	first := map[string]int{}
	edition, err := hunted(binary, f, dir, "--rarity", "command")
	if err != nil {
		return nil, err
	}
	r := judge.Judge(judge.Case{Key: key, Trees: edition, GroupBy: []string{"root_process"}})
	first["devices of the exact command (first edition)"] = r.Within(25)
	trees, err := hunted(binary, f, dir, "--max-devices", "0")
	if err != nil {
		return nil, err
	}
	at := map[string]judge.Row{}
	for _, row := range trees {
		at[row["tree_id"]] = row
	}
	var seen []*rival.Tree
	err = program(binary, []string{"hunt", "--recent", f.lookback, "--lookback", f.lookback, "--max-devices", "0", "--output", "all", "--format", "csv", dir},
		func(out io.Reader) (err error) { seen, err = rival.Read(out); return err })
	if err != nil {
		return nil, err
	}
	for _, way := range rival.Ways {
		for i, rate := range way.Rate(seen) {
			if row := at[seen[i].ID]; row != nil {
				row["odd"] = strconv.FormatFloat(-rate, 'g', -1, 64) // of a finding's trees the smallest counts
			}
		}
		for name, by := range map[string][]string{way.Name: {"finding_id"}, way.Name + ", by task": {"root_template"}} {
			order, err := judge.ParseOrder("odd asc")
			if err != nil {
				return nil, err
			}
			r := judge.Judge(judge.Case{Key: key, Trees: trees, GroupBy: by, Order: order})
			first[name] = r.Within(25)
		}
	}
	if slices.ContainsFunc(trees, func(row judge.Row) bool { return row["odd"] == "" }) {
		err = errors.New("a tree was not seen by the other ways")
	}
	return first, err
}
