package record

import (
	"strings"
	"testing"
)

func TestOddRows(t *testing.T) {
	const head = "time,device,image,command\n"
	for text, want := range map[string]struct{ header, other, over bool }{
		"1,d,i,c\n":                         {},
		"1,d,i\n":                           {},
		"1,d,i,c,,\n":                       {},
		"1,d,i,\"c,d\"\n":                   {},
		"1,d,i,c d, e\n":                    {over: true},
		"1,d,i,\"c\"\"\", e,f\n":            {over: true},
		"time,device,image,command\n":       {header: true},
		"\"time\",device,image,command\n":   {header: true},
		"\xef\xbb\xbf" + head:               {header: true},
		"time,device,image,command,more\n":  {header: true, other: true, over: true},
		"device,time,command,image,\n":      {header: true, other: true},
		"image,device,x,time,y,command,z\n": {header: true, other: true, over: true},
		"time,d,image,c\n":                  {},
		"device,command\n":                  {},
		"x,device,image,command\n":          {},
		"time\n":                            {},
	} {
		rows, rec := NewRows(), New(NewNames("time", "image"))
		if err := rows.Reset([]byte(head + text + "2,e,j,k\n")); err != nil {
			t.Fatal(err)
		}
		header, other := rows.IsHeader()
		if !rows.Next(rec) || header != want.header || other != want.other || rows.Overflows() != want.over {
			t.Errorf("%q: header %v, other %v, overflows %v", text, header, other, rows.Overflows())
		}
		if !rows.Next(rec) || string(rec.Get(0)) != "2" || string(rec.Get(1)) != "j" || rows.Overflows() {
			t.Errorf("%q: the row behind it is %q, %q", text, rec.Get(0), rec.Get(1))
		}
	}
}

// A look at a row changes nothing of how it is read, quotes and pieces included.
func TestALookAtTheNextRowChangesNothing(t *testing.T) {
	text := "a,b,c,d\n" + strings.Repeat("a,\"b, \"\"x\"\"\",c,\"d\ne\"\n1,\"2,3\",4,5,6\n", 40)
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
			if is, _ := rows.IsHeader(); is {
				t.Fatal("a row of values passes for a header")
			}
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
