package record

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// tableNames are the fields that the headers of these tests are made of.
var tableNames = NewNames("ParentProcessId", "ProcessId", "Image", "UtcTime", "EventID", "Computer", "DestinationIp", "DestinationPort", "_raw", "_time")

// tableRows reads a text in pieces of a size and returns each row as its columns and values.
func tableRows(t *testing.T, text string, size int) (rows []string) {
	t.Helper()
	s := NewRowScannerSize(iotest.HalfReader(strings.NewReader(text)), size)
	s.Knows(tableNames)
	for line := 1; ; {
		piece, err := s.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		if piece.Line < line {
			t.Fatalf("a piece begins on line %d behind one on line %d", piece.Line, line)
		}
		line = piece.Line
		r := NewRows()
		for r.Open(piece); ; {
			values, more := r.Values()
			if !more {
				break
			}
			rows = append(rows, fmt.Sprintf("%q %q", r.Columns(), values))
		}
		piece.Free()
	}
}

// separately reads tables one by one.
func separately(t *testing.T, tables []string) (rows []string) {
	t.Helper()
	for _, table := range tables {
		rows = append(rows, tableRows(t, table, PieceSize)...)
	}
	return rows
}

// randomTable is a table with some of the names, or a _raw alone, and values that may be names,
// have line ends and headers in them, or lack their quotes.
func randomTable(r *rand.Rand) string {
	columns := slices.Clone(tableNames.names[:8])
	r.Shuffle(len(columns), func(i, j int) { columns[i], columns[j] = columns[j], columns[i] })
	columns = columns[:4+r.IntN(5)]
	if r.IntN(5) == 0 {
		columns = []string{"_time", "_raw"}
	}
	quote, end := "", "\n"
	if r.IntN(2) == 0 {
		quote, end = `"`, "\r\n"
	}
	var b strings.Builder
	if r.IntN(4) == 0 {
		b.WriteString("\xef\xbb\xbf")
	}
	b.WriteString(quote + strings.Join(columns, quote+","+quote) + quote + end)
	values := []string{"1", "a", "", "Image", "ProcessId", `"UtcTime,EventID"`, "\"x\nUtcTime,EventID,Image,ProcessId\ny\"", `"a ""b"" c"`, `C:\x y`}
	for range r.IntN(6) {
		for i := range columns {
			if i > 0 {
				b.WriteByte(',')
			}
			v := values[r.IntN(len(values))]
			if i == 0 && len(columns) > 2 { // else a row of names may come about
				v = []string{"1", ""}[r.IntN(2)]
			}
			b.WriteString(v)
		}
		b.WriteString(end)
		if r.IntN(6) == 0 {
			b.WriteString(end)
		}
	}
	return b.String()
}

// Tables one behind the other are read as each by itself, whatever the pieces.
func TestTablesInOneText(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 23))
	for range 1500 {
		var tables []string
		for range 1 + r.IntN(4) {
			tables = append(tables, randomTable(r))
		}
		text, want := strings.Join(tables, ""), separately(t, tables)
		for _, size := range []int{1 + r.IntN(40), 100 + r.IntN(200), PieceSize} {
			if got := tableRows(t, text, size); !slices.Equal(got, want) {
				t.Fatalf("in pieces of %d, %q:\n%s\nwant\n%s", size, text, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// What begins a table, and what is a row of the one before.
func TestHeadersInTheMidst(t *testing.T) {
	const first = "Time,Host,Image,ProcessId,Note\n1,h,i,p,n\n"
	for row, header := range map[string]bool{
		"UtcTime,Computer,EventID,DestinationIp":                 true, // in names
		"UTCTIME,COMPUTER,EVENTID,DESTINATIONIP,DESTINATIONPORT": true,
		"parentprocessid,processid,utctime,destinationip,host":   true, // in one letter case
		"Note,Host,Time,ProcessId,More":                          true, // in the table before
		"\xef\xbb\xbfUtcTime,Computer,EventID,DestinationIp":     true,
		`"UtcTime","Computer","EventID","DestinationIp"`:         true,
		"UtcTime [UTC],Computer,EventID,DestinationIp":           true,
		"_time,_raw":               true,
		"host,_raw":                false,
		"UtcTime,Computer,EventID": false, // too few
		"UtcTime,Computer,EventID,DestinationIp,a,b,c,d,e,f,g,h,i":  false, // too few of so many
		`UtcTime,Computer,EventID,DestinationIp,C:\a`:               false, // a value
		"UtcTime,Computer,EventID,DestinationIp,x=1":                false,
		"Image,h,Computer,p,n":                                      false,
		"2026-11-20 09:00:01,Computer,EventID,DestinationIp,Image":  false,
		"\"x\nUtcTime,Computer,EventID,DestinationIp\n\",h,i,p,n":   false, // within a value
		"UtcTime,Computer,EventID,DestinationIp,\"x\ny\",ProcessId": false,
	} {
		rows := tableRows(t, first+row+"\n1,2,3,4\n", PieceSize)
		if last := rows[len(rows)-1]; strings.HasPrefix(last, `["Time" "Host"`) == header || len(rows) != 2 && header || len(rows) != 3 && !header {
			t.Errorf("%q: %q", row, rows)
		}
	}
}

// A text of which nobody said that it may hold several is one table.
func TestATableForItself(t *testing.T) {
	text := "UtcTime,Computer,EventID,Image\n1,2,3,4\nComputer,UtcTime,EventID,DestinationIp\n"
	pieces := scanned(t, strings.NewReader(text), PieceSize)
	if len(pieces) != 1 || !strings.HasSuffix(string(pieces[0].Rows), "DestinationIp\n") {
		t.Errorf("%d pieces", len(pieces))
	}
}

// A row that says what the header says is a row where that may be values: in tables of few
// columns and of columns without names. What begins as a type's line does is a value if others
// stand behind it.
func TestRowsLikeHeaders(t *testing.T) {
	for text, want := range map[string]int{
		"\"\"\n\"\"\n":                        1,
		"user\nuser\n":                        1,
		"name,host\nname,host\na,b\n":         2,
		"a,b,c,d\na,b,c,d\n1,2,3,4\n":         1,
		"a,b,,d\na,b,,d\n":                    1,
		"a,b,c,d\n#TYPE x,2,3,4\n":            1,
		"a,b,c,d\n#TYPE x.Y\n1,2,3,4\n":       1,
		"line\n#TYPE x.Y\n":                   1,
		"a,b,c,d\n#TYPE x.Y\na,b,c,d\n":       0,
		"a,b,c,d\r\n#TYPE x.Y\r\na,b,c,d\r\n": 0,
	} {
		if _, rows := allRows(t, text); len(rows) != want {
			t.Errorf("%q: rows %q, want %d", text, rows, want)
		}
	}
}
