package evtx

import "fmt"

// Kind is what a Warning is about.
type Kind uint8

// The kinds of warnings.
const (
	FileHeader    Kind = iota // the file's header is damaged, or of an unknown version
	ChunkChecksum             // a chunk's checksum is not that of its bytes; it is read all the same
	NoChunk                   // 64 KiB that are no chunk, and not empty, were passed over
	CutFile                   // the file ends within a chunk, or within its header
	LostRecords               // bytes of a chunk that should be records are none
	TwoSizes                  // a record states two sizes; it is read by the first
	BadRecord                 // a record could not be read as a whole
	Limit                     // a record or chunk holds more than a limit of this package allows
	Kinds                     // how many kinds there are
)

var kindTexts = [Kinds]string{
	FileHeader: "file header damaged", ChunkChecksum: "checksum wrong", NoChunk: "block is no chunk", CutFile: "file cut short",
	LostRecords: "records lost", TwoSizes: "record of two sizes", BadRecord: "record damaged", Limit: "limit reached",
}

// String names the kind.
func (k Kind) String() string { return kindTexts[k%Kinds] }

// Warning says what is wrong with a part of a log that is read all the same.
type Warning struct {
	Kind   Kind
	Chunk  int    // 0, 1, 2 ... by place in the file; -1 for the file itself
	Record uint64 // the record's number; 0 when it is about no single one
	Err    error
}

// String says it in words.
func (w Warning) String() string {
	switch {
	case w.Chunk < 0:
		return fmt.Sprintf("%v: %v", w.Kind, w.Err)
	case w.Record == 0:
		return fmt.Sprintf("chunk %d: %v: %v", w.Chunk, w.Kind, w.Err)
	}
	return fmt.Sprintf("chunk %d, record %d: %v: %v", w.Chunk, w.Record, w.Kind, w.Err)
}
