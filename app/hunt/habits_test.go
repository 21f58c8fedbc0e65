package hunt

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// What is remembered of a process is what it shows, however many others there were.
func TestHabitsAreThoseThatAProcessShows(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	var h habits
	shown, most := 0, 0
	text := func(from ...string) []byte { return []byte(from[r.IntN(len(from))]) }
	for range 20_000 {
		p := score.Process{
			Name: text("", "powershell.exe", "svchost.exe", "rundll32.exe", "a"), Path: text("", `c:\windows\system32\svchost.exe`, `c:\users\eva\svchost.exe`, `c:\perflogs\a`),
			Command: text("", "a", "powershell -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoA", "powershell -w hidden", `rundll32 c:\programdata\x.dll,#1`), Parent: text("", "a", "cmd.exe"),
		}
		if r.IntN(100) == 0 {
			p.Command = bytes.Repeat([]byte{'x'}, r.IntN(30_000))
		}
		if r.IntN(2) == 0 {
			p.Parent = nil
		}
		var want []string
		score.Each(&p, func(one *score.Habit) { want = append(want, one.Name) })
		if got := h.of(&p); !slices.Equal(got, want) {
			t.Fatalf("%q shows %q, want %q", p, got, want)
		}
		shown, most = shown+len(want), max(most, h.size)
	}
	if shown == 0 || most < mostMemo/2 || most > mostMemo+40_000 {
		t.Errorf("%d habits, at most %d bytes: this tests little", shown, most)
	}
}
