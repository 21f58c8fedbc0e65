package shares_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/executable"
)

// What other shares' runs were called from is known as well: hunted in shares, a fleet of other
// roots gives the rows of one hunt.
func TestSharesGiveTheSourcesOfOne(t *testing.T) {
	s := newShares(t)
	dir := t.TempDir()
	sum, err := realistic.Generate(realistic.Config{Devices: 24, Days: 1, Seed: 1041, Tail: 0.3, Fresh: 1, Roots: true, OneFile: true}, dir)
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, sum.Files[0])
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	events := doors.Indexed(t, doors.RawFields, bytes.Split(bytes.TrimSpace(text), []byte("\n")))
	options := "root=wmi,winrm,dcom,service recent=6h lookback=1d max_devices=20 now=" + fmt.Sprint(newest(t, events))
	s.run = func(options string) string {
		cmd := exec.CommandContext(t.Context(), s.binary, append(executable.HuntFlags(options), "--quiet", log)...)
		cmd.Dir = filepath.Join(s.app, "lookups")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", options, err)
		}
		return string(out)
	}
	want := make(map[string]string)
	for _, output := range outputsOfShares {
		want[output] = s.sorted(t, options+" output="+output)
	}
	if n := strings.Count(want["findings"], "began close in time"); n < 3 {
		t.Fatalf("one hunt says %d times that runs were called:\n%s", n, want["findings"])
	}
	s.same(t, "of other roots", options, "fleet.csv.zst", want, 1, 3)
}
