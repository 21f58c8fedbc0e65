package hunt

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// However often and in whatever order words are asked for, the answer is the starter's own: more
// names and command lines than there are places for, some of which begin alike, differ in case
// only or are too long to be remembered.
func TestVerdictsAreTheStarters(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	long := string(make([]byte, longSpelling))
	commands := []string{"", `C:\Windows\system32\svchost.exe -k netsvcs -p`, `svchost.exe -k netsvcs -s Schedule`, `svchost.exe -k netsvcs -s schedule` + long}
	for i := range 2000 {
		commands = append(commands, fmt.Sprintf(`svchost.exe -k netsvcs -s Schedule%d`, i), fmt.Sprintf(`svchost.exe -k %d -s Schedule`, i))
	}
	names := []string{"", "svchost.exe", "SVCHOST.EXE", "svchost", "taskeng.exe", "tas\u212Aeng", "Tas\u212Aeng.EXE", "cmd.exe", "spoolsv", "chrome.exe"}
	for i := range 2000 {
		names = append(names, fmt.Sprintf("svchost%d.exe", i))
	}
	w := newWords(tree.Schedule{})
	for range 100_000 {
		name, command := names[r.IntN(10)], commands[r.IntN(len(commands))]
		if r.IntN(2) == 0 {
			name = names[r.IntN(len(names))]
		}
		want := tree.Maybe // nothing is known of the process
		if name != "" || command != "" {
			if want = (tree.Schedule{}).Starts(name, ""); want != tree.No && command != "" {
				want = tree.Schedule{}.Starts(name, command)
			}
		}
		if got := w.verdict([]byte(name), []byte(command)); got != want {
			t.Fatalf("%q with %q: %v, want %v", name, command, got, want)
		}
	}
}
