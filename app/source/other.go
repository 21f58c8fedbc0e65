package source

import (
	"bufio"
	"bytes"
	"io"
	"strings"
)

// Other takes texts that are no events: whole, from wherever a Source finds them, plain or
// packed, in a folder or in an archive.
type Other struct {
	// Begins reports whether a text that begins so may be one.
	Begins func(head []byte) bool
	// Take takes a text and reports whether it is one; any other is read for events. path is
	// its name with that of the folder or the archive that it lies in, within its name there.
	Take func(path, within string, text []byte) bool
	// Most is how long such a text is at most, in bytes.
	Most int
}

// offer hands a text on if it is another, and returns it for reading if it is not.
func (o *Other) offer(path, within string, text *bufio.Reader) (rest *bufio.Reader, taken bool) {
	head, _ := text.Peek(headSize) // an error comes back where the text is read
	if !o.Begins(head) {
		return text, false
	}
	whole, err := io.ReadAll(io.LimitReader(text, int64(o.Most)+1))
	if err == nil && len(whole) <= o.Most && o.Take(path, within, whole) {
		return nil, true
	}
	back := io.MultiReader(bytes.NewReader(whole), failing{err}, text)
	return bufio.NewReaderSize(back, headSize), false
}

// failing is where a text broke off; with no error it is empty.
type failing struct{ err error }

// Read implements io.Reader.
func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// within is what a text is called in the folder or the archive that is read.
func (r *reading) within(name string) string {
	return strings.TrimLeft(strings.TrimPrefix(name, r.root), `/\`)
}

// hides reports whether a name is passed over as one that is hidden. Another text than events
// may be called as it likes: Windows itself has a folder of tasks named .NET Framework.
func (r *reading) hides(name string) bool {
	if r.Other != nil {
		return strings.Contains("/"+strings.ReplaceAll(name, `\`, "/"), "/__MACOSX/")
	}
	return isHidden(name)
}
