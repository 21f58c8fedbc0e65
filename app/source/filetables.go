package source

import "github.com/schtaskhunt/schtaskhunt/app/record"

// fileTables numbers the tables of one CSV file among Files: rows of each are read again
// under its own header.
type fileTables struct {
	files   *Files // nil when the rows cannot be read again
	name    string
	numbers map[string]int32 // by header: tables may take turns
	header  []byte           // of the piece before
	number  int32            // of its table
}

// mostTablesOfFile bounds the tables of a file that have a number: rows of those behind are
// read in full at once.
const mostTablesOfFile = 1000

// place has a piece's place say which table it is of, and reports whether it is another one
// than that of the piece before.
func (t *fileTables) place(p *record.Piece) (another bool) {
	another = len(t.header) == 0 || &p.Header[0] != &t.header[0]
	t.header = p.Header
	if t.files == nil {
		return another
	}
	if another {
		t.number = t.numberOf(p.Header)
	}
	if p.Place.File = t.number; t.number == 0 {
		p.Place = record.Place{}
	}
	return another
}

// numberOf returns the number of the table with a header, 0 for none.
func (t *fileTables) numberOf(header []byte) int32 {
	number, known := t.numbers[string(header)]
	if known || len(t.numbers) >= mostTablesOfFile {
		return number
	}
	if t.numbers == nil {
		t.numbers = make(map[string]int32)
	}
	number = t.files.add(t.name, header)
	t.numbers[string(header)] = number
	return number
}
