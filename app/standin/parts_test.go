package standin

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// The first lines of the table are what a real splunkd made of typed arguments.
func TestTokenize(t *testing.T) {
	for _, c := range []struct{ spl, args, raw string }{
		{`a=one b = "two" "c"="three"`, `a=one¦b¦=¦two¦c=three`, `a=one¦b¦=¦"two"¦"c"="three"`},
		{`r="A \"b\" C" 's'="q\\r"`, `r=A "b" C¦'s'=q\r`, `r="A \"b\" C"¦'s'="q\\r"`},
		{`pattern="\w+" text`, `pattern=\w+¦text`, `pattern="\w+"¦text`},
		{`sum phase="map" total="total" value1`, `sum¦phase=map¦total=total¦value1`, `sum¦phase="map"¦total="total"¦value1`},
		{`path=C:\Windows\* x`, `path=C:\Windows\*¦x`, `path=C:\Windows\*¦x`},
		{"  a\t\nb  ", `a¦b`, `a¦b`},
		{`e="" f`, `e=¦f`, `e=""¦f`},
		{`re="a|b"`, `re=a|b`, `re="a|b"`},
		{``, ``, ``},
	} {
		args, raw, err := Tokenize(c.spl)
		if err != nil || strings.Join(args, "¦") != c.args || strings.Join(raw, "¦") != c.raw {
			t.Errorf("%s\ngot  %q %q, %v\nwant %s %s", c.spl, args, raw, err, c.args, c.raw)
		}
	}
	for _, bad := range []string{`a="b`, `a=b | delete`, `"`, `"a\"`, `a="\\\"`} {
		if args, _, err := Tokenize(bad); err == nil {
			t.Errorf("%s gave %q", bad, args)
		}
	}
}

// FuzzTokenize: the raw tokens are the text without its white space between them,
// and the text, tokenized again token by token, gives the same.
func FuzzTokenize(f *testing.F) {
	f.Add(`a=one b = "two" "c"="three"`)
	f.Add(`r="A \"b\" C" 's'="q\\r"`)
	f.Fuzz(func(t *testing.T, spl string) {
		args, raw, err := Tokenize(spl)
		if err != nil {
			return
		}
		again, _, err := Tokenize(strings.Join(raw, " \t"))
		if err != nil || !slices.Equal(again, args) || len(args) != len(raw) {
			t.Fatalf("%q: %q, joined again %q, %v", spl, args, again, err)
		}
	})
}

func TestParseCSV(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"", `[] []`},
		{"a,b\n", `["a" "b"] []`},
		{"a,b\n1,2\n", `["a" "b"] [["1" "2"]]`},
		{"a,b\r\n1,\r\n,\"\"\r\n", `["a" "b"] [["1" ""] ["" ""]]`},
		{"a\n\"x\r\n\"\"y\"\"\"\nlast", `["a"] [["x\r\n\"y\""] ["last"]]`},
		{"a,b\nin \"side,\r\n", `["a" "b"] [["in \"side" ""]]`},
	} {
		if got, err := parseCSV([]byte(c.body)); err != nil || fmt.Sprintf("%q %q", got.header, got.rows) != c.want {
			t.Errorf("%q: %q %q, %v", c.body, got.header, got.rows, err)
		}
	}
	for body, want := range map[string]string{
		"a,b\n1\n": "row 1 has 1 columns, the header 2", "a\n\"x": "row 1: a quoted field does not end", "a\n\"x\"y\n": "after the closing quote",
		"a\n\nb\n": "blank line", "a\n\r\n": "blank line", "a,a\n": `"a" is there twice`,
	} {
		if got, err := parseCSV([]byte(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q, %v", body, got, err)
		}
	}
}

// FuzzParseCSV holds the parser against encoding/csv, on texts without CR (which
// encoding/csv changes) and without what only one of the two refuses.
func FuzzParseCSV(f *testing.F) {
	f.Add([]byte("a,b\n1,\"x\n\"\"\"\n"))
	f.Add([]byte("a\n\"\"\nb"))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := parseCSV(body)
		if err != nil || bytes.ContainsRune(body, '\r') {
			return
		}
		r := csv.NewReader(bytes.NewReader(body))
		want, err := r.ReadAll()
		if err != nil {
			return // a quote in a bare field
		}
		var all [][]string
		if got.header != nil {
			all = append([][]string{got.header}, got.rows...)
		}
		if !reflect.DeepEqual(all, want) {
			t.Fatalf("%q: got %q, encoding/csv gives %q", body, all, want)
		}
	})
}

// What splunkd's half writes, a CSV reader reads; and a token is quoted if and
// only if it holds more than letters and digits.
func TestFeedAgainstEncodingCSV(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	pieces := []string{"", "a1", "Z", " ", ",", `"`, "\n", "é", "_", "-", ".5"}
	events := table{header: []string{"plain", "_time"}}
	for range 500 {
		events.rows = append(events.rows, []string{pieces[r.IntN(len(pieces))] + pieces[r.IntN(len(pieces))], pieces[r.IntN(len(pieces))]})
	}
	f := newFeed(events, chunked.Info{Type: chunked.TypeReporting}, 60, 1<<20)
	var got [][]string
	for !f.done() {
		body := string(f.next())
		if !strings.HasPrefix(body, "plain,\"_time\",\"__mv_plain\",\"__mv__time\"\n") {
			t.Fatalf("header %.60q", body)
		}
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			got = append(got, row[:2])
		}
	}
	if !reflect.DeepEqual(got, events.rows) {
		t.Error("the rows are not those that were to be sent")
	}
	for value, want := range map[string]string{"": "", "a1Z": "a1Z", "1.5": `"1.5"`, "a b": `"a b"`, "é": `"é"`, `x"`: `"x"""`} {
		if got := string(appendCell(nil, value)); got != want {
			t.Errorf("%q is written %s, want %s", value, got, want)
		}
	}
}

// However ragged, every row is sent once and in order, chunks are empty now and then and at
// the end, and there is a last one though there are no rows.
func TestRaggedChunks(t *testing.T) {
	for seed := range uint64(50) {
		events := table{header: []string{"n"}}
		for i := range int(seed) * 7 {
			events.rows = append(events.rows, []string{strconv.Itoa(i)})
		}
		f := newFeed(events, chunked.Info{Type: chunked.TypeReporting}, 60, 1<<20)
		f.ragged = newRagged(seed + 1)
		var got []string
		empty, last := 0, 0
		for !f.done() {
			_, body, _ := strings.Cut(string(f.next()), "\n")
			rows := strings.Count(body, "\n")
			for line := range strings.Lines(body) {
				got = append(got, strings.TrimSuffix(line, ",\n"))
			}
			if last = rows; rows == 0 {
				empty++
			}
			if rows > 60 {
				t.Fatalf("seed %d: a chunk of %d rows", seed, rows)
			}
		}
		if last != 0 || empty == 0 || (seed > 20 && empty < 2) || len(got) != len(events.rows) {
			t.Fatalf("seed %d: %d of %d rows, %d empty chunks, %d rows in the last", seed, len(got), len(events.rows), empty, last)
		}
		for i, n := range got {
			if n != strconv.Itoa(i) {
				t.Fatalf("seed %d: row %d is %s", seed, i, n)
			}
		}
	}
}

func TestRejoin(t *testing.T) {
	events := table{[]string{"a", "b", "c"}, [][]string{{"a0", "b0", "c0"}, {"a1", "b1", "c1"}, {"a2", "b2", "c2"}, {"a3", "b3", "c3"}}}
	info := chunked.Info{Type: chunked.TypeStreaming, RequiredFields: []string{"b"}}
	f := newFeed(events, info, 2, 1<<20)
	f.next()
	if want := "\"_chunked_idx\",b,\"__mv__chunked_idx\",\"__mv_b\"\n0,b2,,\n1,b3,,\n"; string(f.next()) != want {
		t.Fatalf("sent %q", f.buf)
	}
	got, err := f.accept(info.Type, chunked.Result{}, []byte("b,_chunked_idx,a,__mv__chunked_idx\nB,1,mine,\nnew,,,\n"))
	if err != nil || fmt.Sprint(got) != "{[b a c] [[B mine c3] [new  ]]}" {
		t.Errorf("%v, %v", got, err)
	}
	got, err = f.accept(info.Type, chunked.Result{}, []byte("b\nB\n"))
	if err != nil || fmt.Sprint(got) != "{[b] [[B]]}" {
		t.Errorf("without numbers: %v, %v", got, err)
	}
	for _, bad := range []string{"2", "-1", "x", "1.0"} {
		if got, err := f.accept(info.Type, chunked.Result{}, []byte("_chunked_idx,b\n"+bad+",B\n")); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("number %s: %v, %v", bad, got, err)
		}
	}
	for _, info := range []chunked.Info{{Type: chunked.TypeStreaming}, {Type: chunked.TypeStreaming, RequiredFields: []string{"*"}}, {Type: chunked.TypeReporting, RequiredFields: []string{"b"}}} {
		if body := string(newFeed(events, info, 2, 1<<20).next()); strings.Contains(body, indexColumn) {
			t.Errorf("%+v: rows are numbered", info)
		}
	}
	if body := newFeed(events, chunked.Info{RequiredFields: []string{"nothing"}}, 2, 1<<20).next(); len(body) != 0 {
		t.Errorf("none of the required fields is there: %q", body)
	}
}

func TestUnion(t *testing.T) {
	var u union
	u.add(table{[]string{"a", "b"}, [][]string{{"1", "2"}}})
	u.add(table{[]string{"b", "c"}, [][]string{{"3", "4"}}})
	u.add(table{})
	u.add(table{[]string{"a"}, [][]string{{"5"}}})
	if got := fmt.Sprintf("%q", u.table()); got != `{["a" "b" "c"] [["1" "2" ""] ["" "3" "4"] ["5" "" ""]]}` {
		t.Errorf("got %s", got)
	}
}

func TestSortNewestFirst(t *testing.T) {
	rows := [][]string{{"a", ""}, {"b", "10"}, {"c", "2014-06-11T08:19:59.000-0700"}, {"d", "10"}, {"e", "NaN"}, {"f", "1402499999.1"}, {"g", "1402499998.9"}, {"h", "2014-06-11T15:19:59.05Z"}, {"i", "yesterday"}}
	SortNewestFirst([]string{"n", "_time"}, rows)
	var order string
	for _, row := range rows {
		order += row[0]
	}
	if order != "fhcgbdaei" {
		t.Errorf("order %s", order)
	}
	before := fmt.Sprint(rows)
	SortNewestFirst([]string{"n", "time"}, rows)
	if fmt.Sprint(rows) != before {
		t.Error("sorted without _time")
	}
}

// Dealing loses nothing, repeats nothing, keeps the order, and spreads.
func TestDeal(t *testing.T) {
	cfg := events(300)
	shares := deal(table{cfg.Header, cfg.Rows}, 3)
	var all [][]string
	for i, s := range shares {
		if len(s.rows) < 50 {
			t.Errorf("indexer %d got %d of 300", i+1, len(s.rows))
		}
		sorted := slices.Clone(s.rows)
		SortNewestFirst(s.header, sorted)
		if !reflect.DeepEqual(sorted, s.rows) {
			t.Errorf("indexer %d: order lost", i+1)
		}
		all = append(all, s.rows...)
	}
	SortNewestFirst(cfg.Header, all)
	if !reflect.DeepEqual(all, cfg.Rows) {
		t.Error("the shares are not the events")
	}
}

func TestTail(t *testing.T) {
	var copied bytes.Buffer
	w := tail{copyTo: &copied}
	for i := range 3 {
		fmt.Fprint(&w, strings.Repeat(fmt.Sprint(i), stderrKept/2))
	}
	if got := w.String(); len(got) != stderrKept || strings.Contains(got, "0") || copied.Len() != stderrKept/2*3 {
		t.Errorf("kept %d, copied %d", len(got), copied.Len())
	}
}
