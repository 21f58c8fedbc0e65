package indicator

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The page's limits are those of the code.
func TestLimitsOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/indicators.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		fmt.Sprintf("| entries | %d million, and %d GB of domains and of command lines each;", maxEntries/1_000_000, maxBytes>>30),
		fmt.Sprintf("| command lines with `*` | %d,%03d:", maxPatterns/1000, maxPatterns%1000),
		fmt.Sprintf("| a packed list | %d GB when it is unpacked;", maxUnpacked>>30),
		fmt.Sprintf("| length of a line | %d kB |", maxLine>>10),
		fmt.Sprintf("| command line | %d kB; longer ones match nothing |", maxCommand>>10),
		fmt.Sprintf("| nesting of JSON, of a STIX pattern | %d, %d |", maxDepth, maxPatternDepth),
		fmt.Sprintf("with at least %d other characters", minPattern),
		fmt.Sprintf("0 to 100; default %d |", int(DefaultScore)),
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("docs/indicators.md does not have %q", want)
		}
	}
}
