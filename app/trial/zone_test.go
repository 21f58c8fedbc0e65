package trial_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What tells a process of the tests its time zone, in hours and a half from UTC, and where to
// write its rows. The zone is set before anything else runs: the runtime's timers read it.
const zoneVariable, zoneRowsVariable = "SCHTASKHUNT_TEST_ZONE", "SCHTASKHUNT_TEST_ZONE_ROWS"

func setZone() {
	if hours, err := strconv.Atoi(os.Getenv(zoneVariable)); err == nil {
		time.Local = time.FixedZone("test", hours*3600+1800)
	}
}

func TestTimeZoneDoesNotMatter(t *testing.T) {
	var rows strings.Builder
	eachWorld(t, func(_ *testing.T, w world, args, want string) {
		rows.WriteString(w.name + " " + args + "\n" + want)
	})
	if file := os.Getenv(zoneRowsVariable); file != "" {
		write(t, file, []byte(rows.String()))
		return
	}
	for _, hours := range []string{"-11", "14"} {
		file := filepath.Join(t.TempDir(), "rows")
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTimeZoneDoesNotMatter$", "-test.short="+strconv.FormatBool(testing.Short()))
		c.Env = append(os.Environ(), zoneVariable+"="+hours, zoneRowsVariable+"="+file)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sameRows(t, "another time zone", string(got), rows.String())
	}
}
