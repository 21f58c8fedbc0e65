package record

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// slowWays lists what every best way to read a message is: by trying all of them.
type slowWays struct {
	labels []label
	lines  []string
	at     []int // by line: its label, -1 for none
	best   int
	ways   [][]int
}

func (s *slowWays) try(way []int, from int) {
	if score := s.score(way); score > s.best {
		s.best, s.ways = score, [][]int{append([]int(nil), way...)}
	} else if score == s.best {
		s.ways = append(s.ways, append([]int(nil), way...))
	}
	for i := from; i < len(s.lines); i++ {
		if s.at[i] >= 0 && (len(way) == 0 || s.at[i] > s.at[way[len(way)-1]]) {
			s.try(append(way, i), i+1)
		}
	}
}

// score counts the fields, and against them those of one line that have more.
func (s *slowWays) score(way []int) (n int) {
	for k, i := range way {
		n += fieldWorth
		end := len(s.lines)
		if k+1 < len(way) {
			end = way[k+1]
		}
		if rest := strings.TrimSpace(strings.Join(s.lines[i+1:end], "")); rest != "" && !s.labels[s.at[i]].free {
			n -= strayCost
		}
	}
	return n
}

// pivots are the lines that say who the parent is, in all best ways.
func (s *slowWays) pivots() map[int]bool {
	found := make(map[int]bool)
	for _, way := range s.ways {
		for _, i := range way {
			if s.labels[s.at[i]].name == pivot {
				found[i] = true
			}
		}
	}
	return found
}

// TestFormOfAMessage: of all ways to read a text, one of the best is taken, and every place
// that what says who the parent is may have in such a way is found.
func TestFormOfAMessage(t *testing.T) {
	form := &manifests[0]
	several := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 4))
		s := slowWays{labels: form.labels}
		for range 1 + r.IntN(9) {
			l := []int{-1, 10, 11, 18, 19, 20, 21, 22}[r.IntN(8)]
			line := "more"
			if l >= 0 {
				line = fmt.Sprintf("%s: %d", form.labels[l].name, len(s.lines))
			} else if r.IntN(3) == 0 {
				line = ""
			}
			s.lines, s.at = append(s.lines, line), append(s.at, l)
		}
		s.try(nil, 0)
		reader := messageReader{text: []byte(strings.Join(s.lines, "\n")), form: form}
		if reader.plain() {
			continue
		}
		ways, pivots := reader.ways(), s.pivots()
		if len(pivots) > 1 {
			several++
		}
		if len(ways) != max(1, len(pivots)) {
			t.Fatalf("seed %d: %d ways, want %d\n%s", seed, len(ways), max(1, len(pivots)), reader.text)
		}
		for _, way := range ways {
			var lines []int
			for _, at := range way {
				lines = append(lines, strings.Count(string(reader.text[:reader.lines[at].start]), "\n"))
			}
			if got := s.score(lines); got != s.best {
				t.Fatalf("seed %d: a way is worth %d, the best %d: %v\n%s", seed, got, s.best, lines, reader.text)
			}
		}
	}
	if several < 10 {
		t.Errorf("only %d texts could be read in several ways", several)
	}
}

// A command line keeps its lines and its colons, whatever the lines end in.
func TestAMessageKeepsTheLinesOfAValue(t *testing.T) {
	const command = "cmd /c \"one\n  User: two\nthree: 3\n\nfour\""
	text := "Process Create:\r\nRuleName: -\r\nProcessId: 5\r\nImage: C:\\a.exe\r\nCommandLine: " + command +
		"\r\nCurrentDirectory: C:\\\r\nUser: CORP\\jo\r\nParentProcessId: 4\r\nParentImage: C:\\p.exe\r\nParentCommandLine: p -x\r\n"
	rec := New(NewNames("RuleName", "ProcessId", "Image", "CommandLine", "User", "ParentProcessId", "ParentImage", "ParentCommandLine"))
	DecodeMessage([]byte(text), rec)
	checkFields(t, fields(rec), map[string]string{"RuleName": "-", "ProcessId": "5", "Image": `C:\a.exe`, "CommandLine": command, "User": `CORP\jo`,
		"ParentProcessId": "4", "ParentImage": `C:\p.exe`, "ParentCommandLine": "p -x"})
	if rec.Ways() != 1 {
		t.Errorf("%d ways to read it", rec.Ways())
	}
}
