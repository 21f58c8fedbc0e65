package hunt

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// What the process had that started this one does not count.
func TestPeakIsTheProgramsOwn(t *testing.T) {
	const asked = "SCHTASKHUNT_TEST_PEAK"
	if os.Getenv(asked) != "" {
		t.Log("peak=" + strconv.FormatInt(peakMemory()>>20, 10))
		return
	}
	large := make([]byte, 512<<20)
	for i := 0; i < len(large); i += 4096 {
		large[i] = 1
	}
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPeakIsTheProgramsOwn$", "-test.v")
	c.Env = append(os.Environ(), asked+"=1")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_, told, _ := strings.Cut(string(out), "peak=")
	told, _, _ = strings.Cut(told, "\n")
	if mb, err := strconv.Atoi(told); err != nil || mb == 0 || mb > 256 {
		t.Errorf("with %d MB in the process that starts it, it says that it held %q MB", len(large)>>20, told)
	}
	if own := peakMemory() >> 20; own < 512 {
		t.Errorf("this process held 512 MB, and says %d", own)
	}
}
