package roots_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
)

// hostCommand is the command line of a service host in an event as JSON, its own or a child's
// parent's.
var hostCommand = regexp.MustCompile(`("(?:Parent)?CommandLine":")[^"]*svchost\.exe[^"]*"`)

// stripped writes files anew, without the command lines of service hosts, and returns the
// devices with the scheduler's log.
func stripped(t *testing.T, files []string) (to []string, logged map[string]bool) {
	t.Helper()
	dir := t.TempDir()
	logged = map[string]bool{}
	computer := regexp.MustCompile(`"Computer":"([^"]*)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			if m := computer.FindSubmatch(line); m != nil && bytes.Contains(line, []byte("TaskScheduler/Operational")) {
				logged[strings.ToLower(string(m[1]))] = true
			}
		}
		own := filepath.Join(dir, filepath.Base(file))
		if err := os.WriteFile(own, hostCommand.ReplaceAll(text, []byte(`$1"`)), 0o600); err != nil {
			t.Fatal(err)
		}
		to = append(to, own)
	}
	return to, logged
}

// rootsOf returns how each root of a hunt is known.
func rootsOf(t *testing.T, files []string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, r := range doors.HuntedFiles(t, doors.Everything, files...).Kind("node") {
		if r.Get("depth") == "1" {
			found[strings.ToLower(r.Get("device"))+"|"+r.Get("process_id")+"|"+r.Get("_time")] = r.Get("root_evidence")
		}
	}
	return found
}

// A fleet of which every service host has lost its command line has the same roots: by the
// scheduler's log where it is, by kin where it is not, and none besides.
func TestRootsWithoutCommandLines(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads much, and in one way only")
	}
	dir := t.TempDir()
	sum, err := realistic.Generate(realistic.Config{Devices: 30, Days: 2, Seed: 17, Tail: 0.3}, dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range sum.Files {
		files = append(files, filepath.Join(dir, f))
	}
	want := rootsOf(t, files)
	lean, logged := stripped(t, files)
	got := rootsOf(t, lean)
	for root, how := range got {
		if want[root] == "" {
			t.Errorf("%s is a root by %s, and the scheduler did not start it", root, how)
		}
	}
	all, found := map[string]int{}, map[string]int{} // by how they are to be known
	for root := range want {
		device, _, _ := strings.Cut(root, "|")
		how := "kin"
		if logged[device] {
			how = "task_log"
		}
		all[how]++
		if got[root] == how {
			found[how]++
		}
	}
	t.Logf("%v of %v", found, all)
	for how, n := range all {
		if n < 500 || float64(found[how]) < 0.98*float64(n) {
			t.Errorf("%d of %d roots are found by %s", found[how], n, how)
		}
	}
}
