package host

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/plugin/internal/wire"
)

// The page's limits are those of the code.
func TestLimitsOfThePage(t *testing.T) {
	body, err := os.ReadFile("../../docs/plugins.md")
	if err != nil {
		t.Fatal(err)
	}
	page := strings.Join(strings.Fields(string(body)), " ")
	for _, want := range []string{
		fmt.Sprintf("default `%.0fs`, at most `%.0fm`", DefaultTimeout.Seconds(), maxTimeout.Minutes()),
		fmt.Sprintf("default `%.0fm`, at most `%.0fh`", DefaultTotalTimeout.Minutes(), maxTotal.Hours()),
		fmt.Sprintf("reading of its own files; default `%.0fs`", DefaultStartTimeout.Seconds()),
		fmt.Sprintf("single lines, escaped, of %d bytes at most, %d of them", maxLogLine, maxLogLines),
		fmt.Sprintf("After %d MB it is ended", maxOutput>>20),
		fmt.Sprintf("| answers | %d MB a message, a mapping %d MB.", wire.MaxMessage>>20, mappingBounds.bytes>>20),
		fmt.Sprintf("label and source of %d bytes of UTF-8", maxLabel),
		fmt.Sprintf("cut at %.0f days", maxTTL.Hours()/24),
		fmt.Sprintf("values of %d MB", maxValue>>20),
	} {
		if !strings.Contains(page, want) {
			t.Errorf("docs/plugins.md does not have %q", want)
		}
	}
	if quitTime.Seconds() != 2 || !strings.Contains(page, "One that does not is killed after two seconds.") {
		t.Errorf("a plugin has %s to end", quitTime)
	}
}
