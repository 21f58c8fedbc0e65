package record

import (
	"strings"
	"testing"
)

func TestOddRows(t *testing.T) {
	const head = "time,device,image,command\n"
	for text, over := range map[string]bool{
		"1,d,i,c\n": false, "1,d,i\n": false, "1,d,i,c,,\n": false, "1,d,i,\"c,d\"\n": false,
		"1,d,i,c d, e\n": true, "1,d,i,\"c\"\"\", e,f\n": true,
	} {
		rows, rec := NewRows(), New(NewNames("time", "image"))
		if err := rows.Reset([]byte(head + text + head + "2,e,j,k\n")); err != nil {
			t.Fatal(err)
		}
		if !rows.Next(rec) || rows.Overflows() != over {
			t.Errorf("%q overflows: %v", text, rows.Overflows())
		}
		if !rows.Next(rec) || string(rec.Get(0)) != "2" || string(rec.Get(1)) != "j" || rows.Overflows() || rows.Number() != 2 {
			t.Errorf("%q: the row behind it and a header is %q, %q", text, rec.Get(0), rec.Get(1))
		}
	}
}

// A row that is lost, as its quote is never closed, is not what the row before it was.
func TestALostRowIsNotOdd(t *testing.T) {
	rows, rec := NewRows(), New(NewNames("a", "b"))
	if err := rows.Reset([]byte("a,b\n1,2,3\n\"")); err != nil {
		t.Fatal(err)
	}
	if !rows.Next(rec) || !rows.Overflows() {
		t.Fatal("the first row has no value too many")
	}
	if rows.Next(rec) || rows.Err() == nil || rows.Overflows() || rows.BreaksOff() {
		t.Errorf("the lost row: %v, overflows: %v, breaks off: %v", rows.Err(), rows.Overflows(), rows.BreaksOff())
	}
}

// A header that is passed over changes nothing of how rows are read, quotes and pieces
// included.
func TestAHeaderOnceMoreChangesNothing(t *testing.T) {
	const head = "a,\"b\",c,d\n"
	text := head + strings.Repeat("a,\"b, \"\"x\"\"\",c,\"d\ne\"\n"+head+"\n"+head+"1,\"2,3\",4,5,6\n#TYPE X.Y\n"+head, 40)
	scanner := NewRowScannerSize(strings.NewReader(text), 64)
	rec := New(NewNames("a", "b", "d"))
	n := 0
	for {
		piece, err := scanner.Next()
		if err != nil {
			break
		}
		rows := NewRows()
		for rows.Open(piece); rows.More(); n++ {
			want := [3]string{"a", `b, "x"`, "d\ne"}
			if n%2 == 1 {
				want = [3]string{"1", "2,3", "5"}
			}
			if !rows.Next(rec) || [3]string{string(rec.Get(0)), string(rec.Get(1)), string(rec.Get(2))} != want || rows.Overflows() != (n%2 == 1) {
				t.Fatalf("row %d: %q %q %q", n, rec.Get(0), rec.Get(1), rec.Get(2))
			}
		}
		piece.Free()
	}
	if n != 80 {
		t.Errorf("%d rows", n)
	}
}
