package inventory_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/task/inventory"
)

// Runs are told by the name of their task, or else by their template; those without a name go
// with the only task that has runs of their template. Order has no say.
func TestRuns(t *testing.T) {
	runs := []inventory.Run{
		{Task: `\Acme\Sync`, Logged: true, Device: "A", Template: "sync <guid>", Command: "sync 1", Destinations: []string{"acme.example"}, At: 5 * event.Second},
		{Task: `\acme\sync`, Device: "b", Template: "sync <guid>", Command: "sync 0", At: 9 * event.Second},
		{Device: "C", Template: "sync <guid>", Command: "sync 2", Destinations: []string{"b.example"}, At: 3 * event.Second},
		{Task: `\X`, Device: "a", Template: "cmd", Command: "cmd"},
		{Task: `\Y`, Device: "a", Template: "cmd", Command: "cmd"},
		{Device: "c", Template: "cmd", Command: "cmd", At: 8 * event.Second},
		{Device: "c", Template: "odd 1", Command: "odd one", At: 8 * event.Second},
		{Device: "d", Template: "odd 2", Command: "odd two", At: 7 * event.Second},
	}
	for seed := range uint64(20) {
		v := inventory.New()
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
		for i := range runs {
			v.AddRun(&runs[i])
		}
		v.Rename(func(template string) string {
			if strings.HasPrefix(template, "odd") {
				return "odd <*>"
			}
			return template
		})
		v.SetFinding(`\ACME\Sync`, "sync <guid>", "f1", "9.0")
		v.SetFinding(`\Acme\sync`, "sync <guid>", "f2", "8.0")
		v.SetFinding("", "odd <*>", "f3", "7.0")
		check(t, lines(v), []string{
			`|cmd|1|1|8|8|||||tree|task|cmd|||||`,
			`\X|cmd|1|1|||||||tree|task|cmd|||||`,
			`\Y|cmd|1|1|||||||tree|task|cmd|||||`,
			`|odd one|2|2|7|8|||||tree|task|odd <*>||f3|7.0||`,
			"\\ACME\\Sync|sync 0|3|2|3|9|||||tree|task|sync <guid>|acme.example\nb.example|f1|9.0||",
		})
	}
}

// Of many destinations some are named, and the others counted.
func TestManyDestinations(t *testing.T) {
	v := inventory.New()
	for i := range 30 {
		v.AddRun(&inventory.Run{Task: `\A`, Device: "a", Destinations: []string{fmt.Sprintf("%02d.example", i%25)}})
	}
	places := strings.Split(v.Rows()[0].Get("destinations"), "\n")
	if len(places) != 21 || places[0] != "00.example" || places[20] != "and 5 more" {
		t.Errorf("%q", places)
	}
}
