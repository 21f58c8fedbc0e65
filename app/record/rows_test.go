package record

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// allRows reads a text with Values, every row copied.
func allRows(t *testing.T, body string) (header []string, rows [][]string) {
	t.Helper()
	r := NewRows()
	if err := r.Reset([]byte(body)); err != nil {
		t.Fatal(err)
	}
	return r.Columns(), collectRows(r)
}

func collectRows(r *Rows) (rows [][]string) {
	for values, ok := r.Values(); ok; values, ok = r.Values() {
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = string(v)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestRowsDialect(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want [][]string
	}{
		"plain":             {"a,b\n1,2\n3,4\n", [][]string{{"1", "2"}, {"3", "4"}}},
		"CRLF":              {"a,b\r\n1,2\r\n3,4", [][]string{{"1", "2"}, {"3", "4"}}},
		"quoted":            {"a,b\n\"1\",\"2,\"\"x\"\"\"\n\"\",\n", [][]string{{"1", `2,"x"`}, {"", ""}}},
		"line ends inside":  {"a,b\n\"x\r\ny\",\"p\nq\"\r\n", [][]string{{"x\r\ny", "p\nq"}}},
		"bare quotes":       {"a,b\nx\"y,\"p\"q\"\n", [][]string{{`x"y`, `p"q`}}},
		"short and long":    {"a,b\n1\n1,2,3\n", [][]string{{"1"}, {"1", "2", "3"}}},
		"blank lines":       {"\n\na,b\n\n1,2\n\r\n\n3,4\n\n", [][]string{{"1", "2"}, {"3", "4"}}},
		"no rows":           {"a,b\n", nil},
		"no header":         {"", nil},
		"CR in a field":     {"a,b\n1\r2,3\r\n", [][]string{{"1\r2", "3"}}},
		"byte order mark":   {"\xef\xbb\xbfa,b\n1,2\n", [][]string{{"1", "2"}}},
		"closed by the end": {"a,b\n1,\"2\"", [][]string{{"1", "2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			header, got := allRows(t, c.body)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.body != "" && !reflect.DeepEqual(header, []string{"a", "b"}) {
				t.Errorf("header is %q", header)
			}
		})
	}
}

func TestRowsFillARecord(t *testing.T) {
	body := "skip,Timestamp [Local Time],\"__mv_skip\",RemoteIP,x,y\n" +
		"1,\"t \"\"1\"\"\",,10.0.0.1,\"a,\nb\",\n" + "2,,,\n" + "3,t3,,,,,,\n"
	r, rec := NewRows(), New(NewNames("Timestamp", "RemoteIP", "absent"))
	if err := r.Reset([]byte(body)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []map[string]string{{"Timestamp": `t "1"`, "RemoteIP": "10.0.0.1"}, {}, {"Timestamp": "t3"}} {
		if !r.Next(rec) {
			t.Fatalf("row %d is missing", i+1)
		}
		checkFields(t, fields(rec), want)
		if r.Number() != i+1 {
			t.Errorf("row %d has number %d", i+1, r.Number())
		}
		rec.Reset()
		r.Again(rec)
		checkFields(t, fields(rec), want)
	}
	if r.Next(rec) || r.Err() != nil || r.Ragged() != 2 {
		t.Errorf("at the end: error %v, %d ragged rows, want 2", r.Err(), r.Ragged())
	}
}

// A record that was filled before, by rows of any header or by hand, has the fields of
// the last row only.
func TestRowsFillARecordAnew(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	names, headers := NewNames("a", "b", "c", "d"), []string{"a,b,c,x", "d,x,a", "b,a,b,c", "x,a", "c"}
	cells := []string{"", "1", "22", `"q,r"`, `"a ""b"" c"`, `"` + strings.Repeat(`long "" `, 40) + `"`}
	used := New(names)
	for range 3000 {
		text := headers[r.IntN(len(headers))] + "\n"
		for range r.IntN(4) {
			for n := r.IntN(6); n >= 0; n-- {
				text += cells[r.IntN(len(cells))] + ","
			}
			text += "end\n"
		}
		again, fresh := NewRows(), NewRows()
		if again.Reset([]byte(text)) != nil || fresh.Reset([]byte(text)) != nil {
			t.Fatalf("cannot read %q", text)
		}
		for rec := New(names); fresh.Next(rec); rec = New(names) {
			if !again.Next(used) {
				t.Fatalf("no row of %q", text)
			}
			for slot := range Slot(names.Len()) {
				if !bytes.Equal(used.Get(slot), rec.Get(slot)) || used.Has(slot) != rec.Has(slot) {
					t.Fatalf("%s is %q in %q, want %q", names.Name(slot), used.Get(slot), text, rec.Get(slot))
				}
			}
			if r.IntN(2) == 0 && !slices.Equal(slices.Sorted(slices.Values(used.Filled())), slices.Sorted(slices.Values(rec.Filled()))) {
				t.Fatalf("filled %v of %q, want %v", used.Filled(), text, rec.Filled())
			}
			switch r.IntN(8) {
			case 0:
				used.Set(names.Slot("d"), []byte("by hand"))
				want := addTo(fields(rec), "d", "by hand")
				if checkFields(t, fields(used), want); len(used.Filled()) != len(want) {
					t.Fatalf("filled %v, want %d of them", used.Filled(), len(want))
				}
			case 1:
				used.Reset()
				used.Set(names.Slot("a"), []byte("by hand"))
			}
		}
		if again.Next(used) || len(fields(used)) > 0 {
			t.Fatalf("behind the last row: %v", fields(used))
		}
	}
}

func addTo(fields map[string]string, name, value string) map[string]string {
	if fields[name] == "" {
		fields[name] = value
	}
	return fields
}

func TestAnOpenQuoteCostsTheLastRowOnly(t *testing.T) {
	r, rec := NewRows(), New(NewNames("b"))
	if err := r.Reset([]byte("a,b\n1,2\n3,\"4\n5,6\n")); err != nil {
		t.Fatal(err)
	}
	if !r.Next(rec) {
		t.Fatal("the good row is lost")
	}
	if r.Next(rec) || !errors.Is(r.Err(), ErrOpenQuote) || !strings.Contains(r.Err().Error(), "row 2") {
		t.Errorf("error is %v", r.Err())
	}
	if r.Next(rec) {
		t.Error("there is a row after the last")
	}
	if err := r.Reset([]byte("a,\"b\n1,2\n")); err == nil || r.Next(rec) {
		t.Errorf("a header with an open quote: error %v", err)
	}
}

func TestRowsTakeANewHeaderAndNewNames(t *testing.T) {
	r := NewRows()
	for _, c := range []struct{ body, name, want string }{
		{"a,b\n1,2\n", "b", "2"}, {"a,b\n3,4\n", "b", "4"}, {"b,a\n5,6\n", "b", "5"}, {"b,a\n7,8\n", "a", "8"},
	} {
		if err := r.Reset([]byte(c.body)); err != nil {
			t.Fatal(err)
		}
		rec := New(NewNames(c.name))
		if !r.Next(rec) || string(rec.Get(0)) != c.want {
			t.Errorf("%q: %s is %q, want %q", c.body, c.name, rec.Get(0), c.want)
		}
	}
}

// splunkBody is a chunk as splunkd writes it: most tokens quoted, and an empty
// __mv_ column for every field.
func splunkBody(rows int, raw bool) []byte {
	columns := []string{"_time", "Computer", "EventCode", "ProcessGuid", "Image", "CommandLine", "ParentProcessGuid", "ParentImage", "User", "_raw"}
	var b bytes.Buffer
	b.WriteString(`"` + strings.Join(columns, `","`) + `","__mv_` + strings.Join(columns, `","__mv_`) + "\"\n")
	for i := range rows {
		fmt.Fprintf(&b, `"1700000%d.123","pc%d.example.test",1,"{aaaa-%d}","C:\Windows\System32\cmd.exe","cmd.exe /c ""a %d""","{bbbb-1}","C:\Windows\explorer.exe","D\u",`, i, i%9, i, i)
		if raw {
			b.WriteString(`"` + strings.ReplaceAll(sampleXML, `"`, `""`) + `"`)
		}
		b.WriteString(strings.Repeat(",", len(columns)) + "\n")
	}
	return b.Bytes()
}

func BenchmarkRows(b *testing.B) {
	names := NewNames("_time", "Computer", "EventCode", "ProcessGuid", "Image", "CommandLine", "ParentProcessGuid", "ParentImage", "User", "_raw")
	for _, raw := range []bool{false, true} {
		body := splunkBody(1000, raw)
		r, rec := NewRows(), New(names)
		b.Run(fmt.Sprintf("raw=%v", raw), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				_ = r.Reset(body)
				for r.Next(rec) {
				}
			}
		})
		b.Run(fmt.Sprintf("raw=%v/encoding", raw), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				c := csv.NewReader(bytes.NewReader(body))
				c.ReuseRecord = true
				for _, err := c.Read(); err == nil; _, err = c.Read() {
				}
			}
		})
	}
}

// BenchmarkBareRows reads what tools other than Splunk write: no quotes where none are needed.
func BenchmarkBareRows(b *testing.B) {
	var body bytes.Buffer
	body.WriteString("EventCode,UtcTime,Computer,ProcessGuid,ProcessId,Image,CommandLine,User,ParentProcessGuid,ParentProcessId,ParentImage\n")
	for i := range 1000 {
		fmt.Fprintf(&body, `1,2026-11-18 13:19:50.%03d,pc%d.example.test,{9ab52d13-e7d5-983f-0779-5d13e62e%04x},%d,C:\Windows\System32\node.exe,node.exe --arg %d --type=renderer --field-trial-handle=482526843,NT AUTHORITY\SYSTEM,{bff89c4b-f678-bd22-1fe8-282ed3b438b0},700,C:\Windows\System32\services.exe`+"\n", i, i%9, i, i, i)
	}
	r, rec := NewRows(), New(NewNames("UtcTime", "Computer", "EventCode", "ProcessGuid", "ProcessId", "Image", "CommandLine", "ParentProcessGuid", "ParentImage", "User"))
	b.SetBytes(int64(body.Len()))
	for b.Loop() {
		_ = r.Reset(body.Bytes())
		for r.Next(rec) {
		}
	}
}

// Long values are made plain late; they are the same as if they had been made so at
// once, whoever asks in whatever order.
func TestLongQuotedValues(t *testing.T) {
	names := NewNames("a", "b", "c", "d")
	long := func(seed string) string { return strings.Repeat(seed+` "quoted" & `, 40) }
	want := [][]string{{long("1"), long("2"), "x", long("3")}, {"short", long("4"), "", `"`}, {long("5"), "", long("6"), ""}}
	var body bytes.Buffer
	w := csv.NewWriter(&body)
	if err := errors.Join(w.Write([]string{"a", "b", "c", "d"}), w.WriteAll(want)); err != nil {
		t.Fatal(err)
	}
	rows, rec := NewRows(), New(names)
	if err := rows.Reset(body.Bytes()); err != nil {
		t.Fatal(err)
	}
	for _, values := range want {
		if !rows.Next(rec) {
			t.Fatal("a row is missing")
		}
		rec.Set(0, []byte("too late"))
		for i := range values {
			s := (len(values) - 1 - i + rows.Number()) % len(values)
			for range 2 {
				if got := string(rec.Get(Slot(s))); got != values[s] {
					t.Errorf("row %d, column %d: %q, want %q", rows.Number(), s, got, values[s])
				}
			}
		}
	}
}

// A column that may hold whole events is the field of an event's own text, unless the
// table has that field by its name; of several it is the one that holds nothing else.
func TestTheColumnOfWholeEvents(t *testing.T) {
	names := NewNames("id", "_raw", "Message")
	for header, want := range map[string]string{
		"id,_raw,message": "b", "id,message,_raw": "c", "message,id,x": "a", "id,message,event.original": "c", "id,winlog.raw_event,message": "b",
		"id,Line,labels": "b", "id,Message,x": "", "id,note,x": "", "id,command.line_number,x": "", "id,message.text,x": "b",
	} {
		r, rec := NewRows(), New(names)
		if err := r.Reset([]byte(header + "\na,b,c\n")); err != nil || !r.Next(rec) {
			t.Fatalf("%s: no row, %v", header, err)
		}
		if got := string(rec.Get(names.Slot("_raw"))); got != want {
			t.Errorf("%s: the text is in %q, want %q", header, got, want)
		}
	}
}

// A NUL at the end of a name is none of it, as none is of a value: what writes tables from C
// leaves one behind the last column.
func TestNULsAroundAName(t *testing.T) {
	rec := New(NewNames("a", "b"))
	r := NewRows()
	if err := r.Reset([]byte("a\x00,\"b\x00\x00\"\r\n1,2\r\n")); err != nil {
		t.Fatal(err)
	}
	if !r.Next(rec) {
		t.Fatal("there is no row")
	}
	checkFields(t, fields(rec), map[string]string{"a": "1", "b": "2"})
}
