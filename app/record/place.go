package record

// Place is where a row lies in a file that can be read again. The zero Place is none.
type Place struct {
	File int32 // number of the file, from 1
	At   int64 // bytes before the row
}

// Known reports whether there is a place.
func (p Place) Known() bool { return p.File != 0 }

// Place returns where the record was read; the zero Place when it cannot be read again.
func (r *Record) Place() Place { return r.place }
