package hunt

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

// logLines are a fleet's events as Sysmon's JSON lines, made by hand.
type logLines struct {
	lines  []string
	serial int
}

const dayBegins, day = 1_790_000_000, 86_400

func (l *logLines) write(id int, device string, at int, fields map[string]any) {
	l.serial++
	fields["EventID"], fields["Computer"], fields["RecordNumber"] = id, device, strconv.Itoa(l.serial)
	fields["Channel"], fields["TimeCreated"] = "Microsoft-Windows-Sysmon/Operational", strconv.Itoa(at)
	line, _ := json.Marshal(fields)
	l.lines = append(l.lines, string(line))
}

func (l *logLines) start(device string, at int, image, line, parent, parentLine, parentID string) (id string) {
	id = fmt.Sprintf("{%08x-0000-0000-0000-%012x}", l.serial+1, at)
	l.write(1, device, at, map[string]any{"ProcessGuid": id, "ProcessId": strconv.Itoa(1000 + l.serial), "Image": image, "CommandLine": line,
		"User": `NT AUTHORITY\SYSTEM`, "ParentProcessGuid": parentID, "ParentProcessId": "900", "ParentImage": parent, "ParentCommandLine": parentLine})
	return id
}

// task starts a task's root.
func (l *logLines) task(device string, at int, image, line string) (id string) {
	return l.start(device, at, image, line, `C:\Windows\System32\svchost.exe`, `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`,
		"{0badcafe-0000-0000-0000-000000000001}")
}

func (l *logLines) call(device string, at int, image, id, host, ip string) {
	l.write(22, device, at, map[string]any{"ProcessGuid": id, "ProcessId": "1", "Image": image, "QueryName": host, "QueryResults": "::ffff:" + ip + ";"})
	l.write(3, device, at+1, map[string]any{"ProcessGuid": id, "ProcessId": "1", "Image": image, "Protocol": "tcp", "Initiated": "true",
		"DestinationIp": ip, "DestinationPort": "443", "SourceIp": "10.0.0.9", "SourcePort": strconv.Itoa(40000 + at%20000)})
}

// benign is a device on which three common tasks run every day for a week.
func (l *logLines) benign(n int) {
	device := fmt.Sprintf("WS%04d.corp.example", n)
	for d := range 7 {
		at := dayBegins + d*day + 600*(n%20)
		for _, vendor := range []string{"Alpha", "Beta", "Gamma"} {
			image := `C:\Program Files\` + vendor + `\update.exe`
			id := l.task(device, at, image, fmt.Sprintf(`"%s" /device:%04x%04d /day:2026-11-%02d`, image, n*7919%65536, n, d+1))
			l.call(device, at+2, image, id, "cdn."+strings.ToLower(vendor)+".com", "93.184.216."+strconv.Itoa(len(vendor)))
		}
	}
}

// oddOnes are what a hunter wants to see first: a common updater with a child of its own
// on one device since the last day, and an encoded command on another.
func (l *logLines) oddOnes() {
	at := dayBegins + 6*day + 4000
	image := `C:\Program Files\Alpha\update.exe`
	id := l.task("WS0003.corp.example", at, image, `"`+image+`" /device:5ccd0003 /day:2026-11-07`)
	child := l.start("WS0003.corp.example", at+1, `C:\Windows\System32\rundll32.exe`, `rundll32.exe C:\ProgramData\x.dll,Go`, image, image, id)
	l.call("WS0003.corp.example", at+3, `C:\Windows\System32\rundll32.exe`, child, "a.rare-one.com", "93.184.216.99")
	shell := `C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`
	for i := range 20 {
		id = l.task("WS0005.corp.example", at+i*1800, shell, `powershell.exe -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoA`)
		l.call("WS0005.corp.example", at+i*1800+2, shell, id, "b.rare-two.com", "93.184.216.98")
	}
}

func fleetLines(devices int) *logLines {
	l := &logLines{}
	for n := range devices {
		l.benign(n)
	}
	l.oddOnes()
	return l
}

// huntLines hunts in lines over a number of lanes.
func huntLines(t *testing.T, lines []string, lanes int, tokens ...string) []row.Row {
	t.Helper()
	o, err := command.Parse(append([]string{"recent=1d", "lookback=7d", "now=" + strconv.Itoa(dayBegins+7*day)}, tokens...))
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(Config{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	var all []*Lane
	for range lanes {
		lane, err := h.Lane()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, lane)
	}
	for i, line := range lines {
		if _, err := all[i%lanes].AddText([]byte(line)); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	result, err := h.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return result.Rows
}

func textOf(rows []row.Row) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r.Values, "\x1f") + "\n")
	}
	return b.String()
}

func TestOddOnesComeFirst(t *testing.T) {
	rows := huntLines(t, fleetLines(40).lines, 1, "output=findings", "max_devices=0")
	if len(rows) < 5 {
		t.Fatalf("%d findings, want the two odd ones and the three common tasks", len(rows))
	}
	var first []string
	for _, r := range rows[:2] {
		first = append(first, r.Get("root_template"))
		if r.Get("devices") != "1" || r.Get("score") == "" {
			t.Errorf("finding %q", r.Values)
		}
	}
	slices.Sort(first)
	if !strings.HasPrefix(first[0], `c:\program files\alpha\update.exe /device:<`) || !strings.HasPrefix(first[1], "powershell.exe -w hidden -enc <base64:") {
		t.Errorf("first are %q", first)
	}
	if kept := huntLines(t, fleetLines(40).lines, 1, "output=findings"); len(kept) != 2 {
		t.Errorf("%d findings with max_devices=5, want the odd ones only", len(kept))
	}
}

// Order, lanes and repetition have no say in any byte of the rows.
func TestScoresDoNotDependOnOrder(t *testing.T) {
	lines := fleetLines(70).lines
	for _, output := range rounds.Some([]string{"output=all", "output=findings", "output=trees"}, 1) {
		want := textOf(huntLines(t, lines, 1, output, "max_devices=0"))
		rng := rand.New(rand.NewPCG(7, 8))
		for i := range 3 {
			shuffled := slices.Concat(lines, lines[:len(lines)/(i+1)])
			rng.Shuffle(len(shuffled), func(a, b int) { shuffled[a], shuffled[b] = shuffled[b], shuffled[a] })
			if got := textOf(huntLines(t, shuffled, 1+i, output, "max_devices=0")); got != want {
				t.Fatalf("%s over %d lanes gave\n%.2000s\nwant\n%.2000s", output, 1+i, got, want)
			}
		}
	}
}

// Rows of trees come in the order of findings, and bear their scores.
func TestRowsFollowTheFindings(t *testing.T) {
	lines := fleetLines(40).lines
	var want []string
	scores := map[string]string{}
	for _, r := range huntLines(t, lines, 1, "output=findings", "max_devices=0") {
		want = append(want, r.Get("finding_id"))
		scores[r.Get("finding_id")] = r.Get("score")
	}
	for _, output := range []string{"trees", "nodes", "connections", "all"} {
		var got []string
		for _, r := range huntLines(t, lines, 1, "output="+output, "max_devices=0") {
			id := r.Get("finding_id")
			if len(got) == 0 || got[len(got)-1] != id {
				got = append(got, id)
			}
			if r.Get("score") != scores[id] {
				t.Errorf("%s: score %s of a finding with %s", output, r.Get("score"), scores[id])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s come in the order %q, want %q", output, got, want)
		}
	}
}

// Another benign device never puts an odd finding behind one that it stood before.
func TestBenignDevicesLowerNoRank(t *testing.T) {
	ranks := func(devices int) map[string]int {
		at := map[string]int{}
		rows := huntLines(t, fleetLines(devices).lines, 1, "output=findings", "max_devices=0")
		for i, r := range rows {
			at[r.Get("finding_id")] = i
			for i > 0 && rows[i-1].Get("score") == r.Get("score") { // ties may stand in any order
				i--
				at[r.Get("finding_id")] = i
			}
		}
		return at
	}
	before := ranks(30)
	for _, devices := range []int{31, 45, 80} {
		after := ranks(devices)
		for id, rank := range before {
			if rank < 2 && after[id] > rank {
				t.Errorf("with %d devices finding %s is at %d, was at %d", devices, id, after[id], rank)
			}
		}
	}
}

var (
	partText = regexp.MustCompile(`^(\w+) \+(\d+\.\d) (.+)$`)
	ofText   = regexp.MustCompile(`(\d+) of (\d+)`)
)

// The reasons of every row add up to its score, and the numbers in their words give their
// bits.
func TestWhyIsTheScore(t *testing.T) {
	for _, r := range huntLines(t, fleetLines(40).lines, 1, "max_devices=0") {
		sum := 0.0
		for why := range strings.SplitSeq(r.Get("why"), "\n") {
			part := partText.FindStringSubmatch(why)
			if part == nil {
				if why == "" && r.Get("score") == "0.0" {
					continue
				}
				t.Fatalf("reason %q", why)
			}
			bits, _ := strconv.ParseFloat(part[2], 64)
			sum += bits
			if part[1] != "rare" {
				continue
			}
			of := ofText.FindStringSubmatch(part[3])
			k, _ := strconv.Atoi(of[1])
			n, _ := strconv.Atoi(of[2])
			rare := score.Rare(k-1, n-1) * score.Standard.Shape
			if math.Abs(rare-bits) > 0.051 && math.Abs(rare*score.Standard.Second-bits) > 0.051 {
				t.Errorf("%q: %d of %d are %.2f bits", why, k, n, rare)
			}
			if r.Get("template_devices") != of[1] {
				t.Errorf("%q, and the template is on %s devices", why, r.Get("template_devices"))
			}
		}
		if shown := fmt.Sprintf("%.1f", sum); shown != r.Get("score") {
			t.Errorf("reasons add up to %s, score is %s: %q", shown, r.Get("score"), r.Get("why"))
		}
	}
}

// min_score and top cut findings, and nothing else changes.
func TestMinScoreAndTop(t *testing.T) {
	lines := fleetLines(40).lines
	all := huntLines(t, lines, 1, "output=findings", "max_devices=0")
	if top := huntLines(t, lines, 1, "output=findings", "max_devices=0", "top=1"); textOf(top) != textOf(all[:1]) {
		t.Errorf("top=1 gave %d findings", len(top))
	}
	least, _ := strconv.ParseFloat(all[1].Get("score"), 64)
	high := huntLines(t, lines, 1, "output=findings", "max_devices=0", "min_score="+all[1].Get("score"))
	for _, r := range high {
		if bits, _ := strconv.ParseFloat(r.Get("score"), 64); bits < least {
			t.Errorf("score %v with min_score=%v", bits, least)
		}
	}
	if len(high) != 2 {
		t.Errorf("%d findings of at least %v bits, want 2", len(high), least)
	}
}
