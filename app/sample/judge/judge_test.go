package judge

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const keyText = `channel,kind,device,task_name,root_process,root_guid,root_pid,root_start
c1,deep,A,\t,evil.exe,{00-AB},4,100.5
c1,deep,A,\t,evil.exe,{00-AC},8,200.5
c2,once,B,\t,cmd /c x,,12,300
c3,slow,C,\t,never.exe,{00-FF},16,400
`

const treesText = `row,finding_id,device,process_guid,root_process,_time,root_devices,score
tree,f1,a,00-ab,evil.exe,100.5,1,9
tree,f1,A,{00-ac},evil.exe,200.5,1,9
tree,f1,A,{00-ad},evil.exe,250,1,9
tree,f2,B,,cmd /c x,301,2,7
tree,f2,B,,cmd /c x,350,2,7
tree,f3,D,{00-b0},good.exe,10,3,8
tree,f4,D,{00-b1},cmd /c x,300,4,3
`

const findingsText = `row,finding_id,score
finding,f1,9.0
finding,f3,8.0
finding,f2,7.5
finding,f4,3.0
finding,f5,1.0
`

func rows(t *testing.T, text string) []Row {
	t.Helper()
	r, err := ReadRows(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func theKey(t *testing.T) *Key {
	t.Helper()
	k, err := ReadKey(strings.NewReader(keyText))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// f1 is two thirds c1 (by GUID, in any case, with and without braces), f2 half c2 (by
// command line and start, on its device only); c3 is nowhere.
func TestRanksOfFindings(t *testing.T) {
	r := Judge(Case{Key: theKey(t), Findings: rows(t, findingsText), Trees: rows(t, treesText)})
	want := []Channel{{"c1", 1, 9, 2, "f1"}, {"c2", 3, 7.5, 1, "f2"}, {Name: "c3"}}
	if !slices.Equal(r.Channels, want) {
		t.Errorf("%+v, want %+v", r.Channels, want)
	}
	if r.Within(1) != 1 || r.Within(3) != 2 || r.Within(25) != 2 || r.Worst() != 0 {
		t.Errorf("within 1, 3, 25: %d %d %d, worst %d", r.Within(1), r.Within(3), r.Within(25), r.Worst())
	}
	if r.BenignWithin(2) != 1 || r.BenignWithin(99) != 3 || r.Treeless != 1 || r.Findings != 5 {
		t.Errorf("benign %d of the first two, %d in all, %d treeless of %d", r.BenignWithin(2), r.BenignWithin(99), r.Treeless, r.Findings)
	}
	if c, b := r.Above(7.5); c != 2 || b != 1 {
		t.Errorf("at 7.5 bits %d channels, %d benign", c, b)
	}
	if c, b := r.Above(8.1); c != 1 || b != 0 {
		t.Errorf("at 8.1 bits %d channels, %d benign", c, b)
	}
}

func TestOtherOrders(t *testing.T) {
	for order, want := range map[string][]string{
		"score desc":                {"f1", "f3", "f2", "f4", "f5"},
		"root_devices desc":         {"f4", "f3", "f2", "f1", "f5"},
		"root_devices asc, _time":   {"f1", "f2", "f3", "f4", "f5"},
		"_time":                     {"f3", "f1", "f4", "f2", "f5"},
		"nothing desc":              {"f1", "f2", "f3", "f4", "f5"},
		"nothing, root_devices asc": {"f1", "f2", "f3", "f4", "f5"},
		"":                          {"f1", "f3", "f2", "f4", "f5"},
	} {
		o, err := ParseOrder(order)
		if err != nil {
			t.Fatal(err)
		}
		list := withRows(rows(t, findingsText), group(rows(t, treesText), []string{"finding_id"}))
		o.sort(list)
		var got []string
		for _, f := range list {
			got = append(got, f.id)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", order, got, want)
		}
	}
	for _, bad := range []string{"score up", "a b c", "score desc,"} {
		if _, err := ParseOrder(bad); err == nil {
			t.Errorf("order %q is accepted", bad)
		}
	}
}

// Trees grouped by hand: one command line on two devices is one thing, and half of it
// is no channel.
func TestGroupedTrees(t *testing.T) {
	o, _ := ParseOrder("root_devices asc")
	r := Judge(Case{Key: theKey(t), Trees: rows(t, treesText), GroupBy: []string{"root_process"}, Order: o})
	if r.Findings != 3 || r.Channels[0].Rank != 1 || r.Channels[1].Rank != 0 || r.Channels[1].Trees != 1 {
		t.Errorf("%+v", r)
	}
}

func TestBadTables(t *testing.T) {
	for text, said := range map[string]string{
		"":               "header",
		"channel,device": `no column "root_process"`,
		"channel,device,root_process,root_guid,root_start\nc,d,p,g,noon": "row 2",
		"channel,device,root_process,root_guid,root_start\n\"c":          "row 2",
	} {
		if _, err := ReadKey(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%q: %v, want it to say %q", text, err, said)
		}
	}
}

// The order of the trees' rows does not matter, and the verdict agrees with a count by
// hand over all pairs of findings and channels.
func TestVerdictByHand(t *testing.T) {
	d := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		key, trees, findings := random(d)
		k, err := ReadKey(strings.NewReader(key))
		if err != nil {
			t.Fatal(err)
		}
		r := Judge(Case{Key: k, Findings: rows(t, findings), Trees: rows(t, trees)})
		shuffled := rows(t, trees)
		d.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again := Judge(Case{Key: k, Findings: rows(t, findings), Trees: shuffled})
		for i, c := range r.Channels {
			if want := rankByHand(c.Name, rows(t, findings), rows(t, trees)); c.Rank != want {
				t.Fatalf("%s stands at %d, by hand at %d", c.Name, c.Rank, want)
			}
			if again.Channels[i].Rank != c.Rank {
				t.Fatalf("%s stands at %d, with rows in another order at %d", c.Name, c.Rank, again.Channels[i].Rank)
			}
		}
	}
}

// random makes a key whose GUIDs tell the channel: g1-... is of channel c1.
func random(d *rand.Rand) (key, trees, findings string) {
	key, trees, findings = "channel,device,root_process,root_guid,root_start\n", "row,finding_id,device,process_guid,root_process\n", "row,finding_id,score\n"
	for f := range 12 {
		findings += fmt.Sprintf("finding,f%d,%d\n", f, 20-f)
		for n := range 1 + d.IntN(6) {
			c := d.IntN(4) // 0 is benign
			guid := fmt.Sprintf("g%d-%d-%d", c, f, n)
			trees += fmt.Sprintf("tree,f%d,D,%s,x\n", f, guid)
			if c > 0 {
				key += fmt.Sprintf("c%d,D,x,%s,1\n", c, guid)
			}
		}
	}
	return key, trees, findings
}

func rankByHand(channel string, findings, trees []Row) int {
	for i, f := range findings {
		all, own := 0, 0
		for _, t := range trees {
			if t["finding_id"] != f["finding_id"] {
				continue
			}
			all++
			if strings.HasPrefix(t["process_guid"], "g"+channel[1:]) {
				own++
			}
		}
		if all > 0 && float64(own)/float64(all) >= 0.5 {
			return i + 1
		}
	}
	return 0
}

func TestReportAsText(t *testing.T) {
	var b strings.Builder
	r := Judge(Case{Key: theKey(t), Findings: rows(t, findingsText), Trees: rows(t, treesText)})
	if _, err := r.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"    1     9.0      2 trees  c1\n", "first 25: 2 of 3 channels, 3 benign\n", "5 findings, 1 without trees"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("there is no %q in\n%s", want, b.String())
		}
	}
	if !math.IsNaN((&finding{}).value("score")) {
		t.Error("a finding without rows has a score")
	}
}
