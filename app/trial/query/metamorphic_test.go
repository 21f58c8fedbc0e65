//go:build oracle

package query_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// generated makes a case with the oracle's generator, which lies beside the checkout.
func generated(t *testing.T, mode string, processes, seed int) [][]byte {
	t.Helper()
	generator := filepath.Join(worlds.Checkout(), "..", "shared", "oracle", "gen.py")
	if from := os.Getenv("KQL_ORACLE"); from != "" {
		generator = filepath.Join(from, "gen.py")
	}
	if _, err := os.Stat(generator); err != nil {
		t.Skipf("the oracle's generator is not beside the checkout: %v", err)
	}
	dir := t.TempDir()
	out, err := exec.Command("python3", generator, "--mode", mode, "--processes", strconv.Itoa(processes), "--out", dir,
		"--seed", strconv.Itoa(seed)).CombinedOutput()
	if err != nil {
		t.Fatalf("generating: %v\n%s", err, out)
	}
	return csvOf(t, dir)
}

// With equal thresholds every pair of process and connection that the query returns is
// among the hunt's, on generated cases full of collisions; and the query returns the
// same through Splunk's protocol.
func TestMetamorphicOnGeneratedCases(t *testing.T) {
	const cases = 48
	rows, excepted := 0, 0
	for seed := range cases {
		texts := generated(t, "fuzz", 150, 1000+seed)
		for _, args := range [][]string{nil, {"max_devices=0"}, {"recent=3d"}} {
			r, e := checkSubset(t, texts, args...)
			rows, excepted = rows+r, excepted+e
		}
		checkProtocol(t, "generated case "+strconv.Itoa(1000+seed), texts, run(t, []string{"mode=kql"}, texts...))
	}
	t.Logf("%d pairs, %d not believed", rows, excepted)
	if rows < 1000 || excepted > rows/20 {
		t.Errorf("%d pairs, of which the hunt does not believe %d", rows, excepted)
	}
}

func TestMetamorphicOnARealisticFleet(t *testing.T) {
	texts := generated(t, "realistic", 100_000, 1)
	rows, excepted := checkSubset(t, texts)
	if rows < 50 || excepted > 0 {
		t.Errorf("%d pairs, %d not believed", rows, excepted)
	}
	checkProtocol(t, "realistic fleet", texts, run(t, []string{"mode=kql"}, texts...), 5_000)
}
