package cloud

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The page's numbers are the policy's.
func TestNumbersOfThePage(t *testing.T) {
	body, err := os.ReadFile("../../docs/remote.md")
	if err != nil {
		t.Fatal(err)
	}
	page, p := strings.Join(strings.Fields(string(body)), " "), DefaultPolicy
	words := map[int]string{2: "two", 6: "six", 10: "ten"}
	for _, want := range []string{
		fmt.Sprintf("A page is read as it comes, %d MiB of it at most", p.MaxPage>>20),
		fmt.Sprintf("what had come is forgotten, %s times at most", words[p.Attempts]),
		fmt.Sprintf("A result of more than %d MiB is left out", p.MaxRow>>20),
		fmt.Sprintf("Of other answers %d MiB are read, of refusals %d KiB", p.MaxAnswer>>20, longestRefusal>>10),
		fmt.Sprintf("`--patience` (%.0f minutes)", p.Patience.Minutes()),
		fmt.Sprintf("says nothing for %s minutes (in a stream: %s, ", words[int(p.Silence.Minutes())], words[int(p.StreamSilence.Minutes())]),
		fmt.Sprintf("less than %d bytes a second over %s minutes", p.MinRate, words[int(p.Silence.Minutes())]),
		fmt.Sprintf("cancel the search on the server, for which it has %s seconds", words[int(p.Farewell.Seconds())]),
		fmt.Sprintf("for up to %.0f seconds, before", p.Settle.Seconds()),
		fmt.Sprintf("still not after those %.0f seconds", p.Settle.Seconds()),
	} {
		if !strings.Contains(page, want) {
			t.Errorf("docs/remote.md does not have %q", want)
		}
	}
	if p.Most.Minutes() != 1 || !strings.Contains(page, "never longer than a minute") {
		t.Errorf("the longest wait is %s", p.Most)
	}
}
