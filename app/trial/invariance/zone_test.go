package invariance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// What tells a process of the tests its time zone, in hours and a half from UTC, and where to
// write its rows. The zone is set before anything else runs: the runtime's timers read it.
const zoneVariable, zoneRowsVariable = "SCHTASKHUNT_TEST_ZONE", "SCHTASKHUNT_TEST_ZONE_ROWS"

// TestMain sets it.
func TestMain(m *testing.M) {
	if hours, err := strconv.Atoi(os.Getenv(zoneVariable)); err == nil {
		time.Local = time.FixedZone("test", hours*3600+1800)
	}
	os.Exit(m.Run())
}

func TestTimeZoneDoesNotMatter(t *testing.T) {
	var rows strings.Builder
	eachWorld(t, func(_ *testing.T, w worlds.World, args, want string) {
		rows.WriteString(w.Name + " " + args + "\n" + want)
	})
	if file := os.Getenv(zoneRowsVariable); file != "" {
		if err := os.WriteFile(file, []byte(rows.String()), 0o600); err != nil {
			t.Fatal(err)
		}
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
		doors.SameRows(t, "another time zone", string(got), rows.String())
	}
}
