package source

import (
	"fmt"
	"strings"
	"testing"
)

// rowNotes reads a table in pieces of a size and returns what is said of its rows.
func rowNotes(t *testing.T, text string, size int) []string {
	t.Helper()
	notes := &Notes{}
	if _, err := (Source{size: size, Notes: notes}).EachIn("t.csv", strings.NewReader(text), func(Event) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return notes.Lines(false)
}

func TestOddRowsAreTold(t *testing.T) {
	head := "time,device,image,command\n"
	text := head + strings.Repeat("1,d,i,c\n", 50) + "1,d,i,c a, b\n" + strings.Repeat("1,d,i,c\n", 50) + "1,d,i,x,y\n" + head
	for _, size := range []int{1 << 20, 64} {
		lines := rowNotes(t, text, size)
		want := "more values than its header has columns (2, first on line 52)"
		if len(lines) != 1 || !strings.HasPrefix(lines[0], "t.csv has ") || !strings.Contains(lines[0], want) {
			t.Errorf("in pieces of %d: %q, want %q", size, lines, want)
		}
	}
	if lines := rowNotes(t, head+"1,d,i,\"a, b\"\n"+head+"1,d,i,,\n", 1<<20); len(lines) > 0 {
		t.Errorf("said of sound rows: %q", lines)
	}
}

func TestALastRowThatBreaksOffIsTold(t *testing.T) {
	head := "time,device,image,command\n"
	for text, told := range map[string]bool{
		head + "1,d,i,c\n2,d,i": true, head + "1,d,i,c\n2": true, head + "1,d": true, strings.ReplaceAll(head+"1,d,i,c\n2,d,i", ",", ";"): true,
		head + "1,d,i,c\n2,d,i,c": false, head + "1,d,i,c\n2,d,i\n": false, head + "1,d,i\n2,d,i,c": false, head + "1,d,i,c\n2,d,i,": false,
		"\xef\xbb\xbf" + strings.ReplaceAll(head, "\n", "\r\n") + "1,d,i\r\n": false,
	} {
		for _, size := range []int{1 << 20, 16} {
			if lines := rowNotes(t, text, size); (len(lines) == 1 && strings.Contains(lines[0], "breaks off in its last row")) != told || len(lines) > 1 {
				t.Errorf("%q in pieces of %d: %q", text, size, lines)
			}
		}
	}
}

// Few lines, however many files.
func TestNotesOnManyFiles(t *testing.T) {
	notes := &Notes{}
	for i := range 5000 {
		notes.addRow(fmt.Sprintf("%04d.csv", i), overflow, i+2)
	}
	if lines := notes.Lines(false); len(lines) != 1 || !strings.HasPrefix(lines[0], "5000 files have rows") || !strings.Contains(lines[0], "0002.csv and 4997 more") {
		t.Errorf("%q", lines)
	}
	if lines := notes.Lines(true); len(lines) != mostNoted+1 || !strings.HasPrefix(lines[mostNoted], "4000 more files") {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}
