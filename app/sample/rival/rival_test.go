package rival

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// chainOf is a tree of programs one beneath another, the last of which calls out.
func chainOf(id, device string, day int64, calls string, programs ...string) *Tree {
	t := &Tree{ID: id, Device: device, Day: day}
	for i, p := range programs {
		t.Steps = append(t.Steps, Step{Above: i - 1, Name: p, Label: p})
	}
	if calls != "" {
		at := float64(day * 86400)
		t.Steps = append(t.Steps, Step{Above: len(programs) - 1, Name: calls, Label: calls, Call: true, Second: at, Last: at, Count: 1})
	}
	return t
}

// Of four host-days one has the root b; a starts c on one of three; nobody else's root
// calls z.
func TestPathRarity(t *testing.T) {
	trees := []*Tree{
		chainOf("1", "A", 1, "x", "a"), chainOf("1b", "A", 1, "x", "a"), // the same again counts once
		chainOf("2", "A", 2, "x", "a"),
		chainOf("3", "B", 1, "", "a", "c"),
		chainOf("4", "B", 2, "z", "b"),
	}
	want := []float64{bits(3. / 4), bits(3. / 4), bits(3. / 4), bits(3. / 4), bits(1. / 4)}
	for i, got := range (PathRarity{Label: byName}).Rate(trees) {
		if math.Abs(got-want[i]) > 1e-9 {
			t.Errorf("tree %s has %.3f bits, want %.3f", trees[i].ID, got, want[i])
		}
	}
	// Another child of a on one of its host-days.
	trees = append(trees, chainOf("5", "C", 1, "", "a", "d"))
	got := (PathRarity{Label: byName}).Rate(trees)
	if d := bits(4./5) + bits(1./2); math.Abs(got[5]-d) > 1e-9 || math.Abs(got[3]-d) > 1e-9 {
		t.Errorf("paths to c and d have %.3f and %.3f bits, want %.3f", got[3], got[5], d)
	}
	if mean := (PathRarity{Label: byName, ByLength: true}).Rate(trees)[5]; math.Abs(mean-bits(1./2)) > 1e-9 && mean > got[5]/2+1e-9 {
		t.Errorf("%.3f bits an edge", mean)
	}
}

func bits(p float64) float64 { return -math.Log2(p) }

// What is new on a day makes both ends of its edge less stable; a path that is old keeps
// its frequency.
func TestStability(t *testing.T) {
	var trees []*Tree
	for day := range int64(10) {
		trees = append(trees, chainOf(fmt.Sprint(day), "A", day, "", "a"))
	}
	trees = append(trees, chainOf("new", "A", 9, "", "b"))
	rates := (PathRarity{Label: byName, Stability: true}).Rate(trees)
	if rates[10] <= rates[0] {
		t.Errorf("new %.2f bits, old %.2f", rates[10], rates[0])
	}
}

// Neither order nor repetition changes a rate, over random fleets.
func TestRatesDoNotDependOnOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 3))
	for range 30 {
		var trees []*Tree
		for i := range 60 {
			programs := []string{string(rune('a' + rng.IntN(4)))}
			for range rng.IntN(3) {
				programs = append(programs, string(rune('p'+rng.IntN(4))))
			}
			trees = append(trees, chainOf(fmt.Sprint(i), string(rune('A'+rng.IntN(5))), int64(rng.IntN(5)), []string{"", "x", "y"}[rng.IntN(3)], programs...))
		}
		want := rated(trees)
		rng.Shuffle(len(trees), func(i, j int) { trees[i], trees[j] = trees[j], trees[i] })
		if got := rated(trees); got != want {
			t.Fatalf("%s\nin another order\n%s", want, got)
		}
	}
}

// rated is every way's rate of every tree, by id.
func rated(trees []*Tree) string {
	lines := make([]string, 60)
	for _, w := range Ways {
		for i, rate := range w.Rate(trees) {
			var id int
			_, _ = fmt.Sscan(trees[i].ID, &id)
			lines[id] += fmt.Sprintf(" %.6f", rate)
		}
	}
	return strings.Join(lines, "\n")
}

func TestRareChildren(t *testing.T) {
	var trees []*Tree
	for i := range 20 {
		trees = append(trees, chainOf(fmt.Sprint(i), "A", 1, "", "a", "b"))
	}
	trees = append(trees, chainOf("odd", "A", 1, "", "a", "c"), chainOf("elsewhere", "B", 1, "", "a", "b"))
	rates := RareChildren(trees)
	// c is one of 43 on A, and one of 22 children of a.
	if want := bits(1.5/43) + bits(1.5/23); math.Abs(rates[20]-want) > 1e-9 {
		t.Errorf("%.3f bits, want %.3f", rates[20], want)
	}
	if rates[0] >= rates[20] || rates[21] >= rates[20] {
		t.Errorf("usual %.2f and %.2f, odd %.2f", rates[0], rates[21], rates[20])
	}
}

// A destination of one device that is called every hour is above one that all call at
// random, and above one that was called thrice, which RITA does not score.
func TestThreats(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var trees []*Tree
	for hour := range 48 {
		trees = append(trees, called("b", "A", "c2", float64(hour*3600)))
		for d := range 10 {
			trees = append(trees, called("u", string(rune('A'+d)), "cdn", float64(rng.IntN(48*3600))))
		}
	}
	for _, at := range []float64{100, 9000, 50000} {
		trees = append(trees, called("t", "B", "thrice", at))
	}
	rates := Threats(trees)
	of := map[string]float64{}
	for i, t := range trees {
		of[t.ID] = max(of[t.ID], rates[i])
	}
	if of["b"] <= of["u"] || of["b"] <= of["t"] || of["b"] < 0.8 {
		t.Errorf("beacon %.3f, usual %.3f, thrice %.3f", of["b"], of["u"], of["t"])
	}
}

func called(id, device, where string, at float64) *Tree {
	t := chainOf(id, device, int64(at)/86400, where, "a")
	t.Steps[1].Second, t.Steps[1].Last = at, at
	return t
}

const rowsText = `row,_time,device,tree_id,node_id,parent_node_id,depth,process_name,root_template,remote_host,remote_ip,connection_count,first_seen,last_seen
node,86500.5,A,t1,n1,,1,cmd.exe,cmd.exe /c <n>,,,,,
node,86501,A,t1,n2,n1,2,curl.exe,cmd.exe /c <n>,,,,,
connection,86502,A,t1,n2,n1,2,curl.exe,cmd.exe /c <n>,a.b.example.com,192.0.2.7,3,86502,86602
connection,86502,A,t1,n1,,1,cmd.exe,cmd.exe /c <n>,,192.0.2.8,1,86502,86502
`

func TestRead(t *testing.T) {
	trees, err := Read(strings.NewReader(rowsText))
	if err != nil || len(trees) != 1 {
		t.Fatalf("%d trees, %v", len(trees), err)
	}
	want := []Step{
		{Above: Scheduler, Name: "cmd.exe", Label: "cmd.exe /c <n>"},
		{Above: 0, Name: "curl.exe", Label: "curl.exe"},
		{Above: 1, Name: "example.com", Label: "example.com", Call: true, Second: 86502, Last: 86602, Count: 3},
		{Above: 0, Name: "192.0.2.8", Label: "192.0.2.8", Call: true, Second: 86502, Last: 86502, Count: 1},
	}
	if trees[0].Day != 1 || trees[0].Device != "A" || fmt.Sprint(trees[0].Steps) != fmt.Sprint(want) {
		t.Errorf("%+v", trees[0])
	}
	for text, said := range map[string]string{
		"":                         "header",
		"row,device":               `no column "_time"`,
		rowsText[:170] + "node,x,": "row 2",
		strings.Replace(rowsText, "86500.5", "noon", 1):      "row 2: _time",
		strings.Replace(rowsText, ",n1,2,", ",n7,2,", 1):     "row 3: the node's parent n7",
		strings.Replace(rowsText, ",3,86502", ",x,86502", 1): "row 4: contacts",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%q: %v, want it to say %q", text, err, said)
		}
	}
}
