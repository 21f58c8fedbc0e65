package worlds

import (
	"strings"
	"testing"
	"time"
)

// Capture returns the path of a public capture, which is never part of the project:
// its licence is its own. It skips where the captures are not there.
func Capture(t testing.TB, parts ...string) string {
	t.Helper()
	return Beside(t, "datasets", "the public captures", parts...)
}

// DefenderCapture is the one that a portal wrote.
const DefenderCapture = "mde_proc_cs1.deviceprocessevents.jsonl"

// LastName is a path's last part in lower case.
func LastName(path string) string {
	return strings.ToLower(path[strings.LastIndexByte(path, '\\')+1:])
}

// Moment reads a time of a capture, with nothing of the program.
func Moment(text string) time.Time {
	for _, layout := range []string{"2006-01-02 15:04:05.999999999", time.RFC3339Nano} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	return time.Time{}
}
