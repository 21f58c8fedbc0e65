package source

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
)

const zipMagic, emptyZipMagic = "PK\x03\x04", "PK\x05\x06"

// Limits of a ZIP archive, of which a hostile one of some kilobytes can unpack to
// petabytes and a directory of entries can be all there is.
const (
	zipDirectory = 16 << 20 // bytes of its directory: some 100,000 entries
	zipRatio     = 200      // how many times its size an archive may unpack to
	zipFree      = 1 << 30  // bytes that any archive may unpack to: an empty log packs 1:1000
	zipNamed     = 200      // bytes of an entry's name that are kept
	zipSkipped   = 1000     // entries left out that are named
)

// isZip reports whether a file that can be read anywhere is a ZIP archive.
func isZip(f io.ReaderAt) bool {
	var head [4]byte
	n, _ := f.ReadAt(head[:], 0) // an error comes back when the file is read
	return n == len(head) && (string(head[:]) == zipMagic || string(head[:]) == emptyZipMagic)
}

// archive is an archive that is being read, entry by entry, without a copy on disk.
type archive struct {
	*reading
	path string
	left int64 // bytes that may still be unpacked of a ZIP archive
}

const unpackZip = "unpack it, and hunt in the folder"

var errDirectory = errors.New("the directory is too long")

// zip reads the entries of an archive as folder reads files: those that are no event logs
// are listed in Stats.Skipped, and so is what cannot be unpacked.
func (r *reading) zip(name string, f *os.File, size int64) (Stats, error) {
	from := &archiveReader{file: f, budget: zipDirectory}
	z, err := zip.NewReader(from, size)
	switch {
	case from.spent:
		return Stats{}, &ForeignError{File: name, Looks: "a ZIP archive whose directory is longer than " + strconv.Itoa(zipDirectory>>20) + " MiB", Hint: unpackZip}
	case err != nil:
		return Stats{}, &ForeignError{File: name, Looks: fmt.Sprintf("a damaged ZIP archive (%v)", err), Hint: unpackZip}
	}
	from.budget, from.read = -1, r.Read
	z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	z.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(zstdMemory)))
	inner := *r
	inner.Read, inner.root = nil, name // it counts what is read of the archive
	a := archive{reading: &inner, path: name, left: max(zipFree, zipRatio*size)}
	stats, err := a.entries(z.File)
	r.number = inner.number
	if err == nil && stats.Files == 0 {
		return Stats{}, a.withoutLogs("ZIP archive", stats)
	}
	return stats, err
}

// withoutLogs is the error for an archive of a kind in which nothing could be read.
func (a *archive) withoutLogs(kind string, stats Stats) error {
	excel, such := "", ""
	if kind == "ZIP archive" {
		excel, such = " (an Excel file is one, too)", " (an Excel file is such, too)"
	}
	if len(stats.Skipped) == 0 {
		return &ForeignError{File: a.path, Looks: "a " + kind + " with nothing in it" + excel}
	}
	first := stats.Skipped[0].Reason.Error()
	var foreign *ForeignError
	if errors.As(stats.Skipped[0].Reason, &foreign) {
		first = foreign.File + " looks like " + foreign.Looks
	}
	return &ForeignError{File: a.path, Looks: "a " + kind + " in which nothing is one" + such + "; of its files, the first, " + first}
}

// entryList is what reading an archive's entries came to. It is bounded: of those left out
// beyond zipSkipped only their number is kept.
type entryList struct {
	archive *archive
	stats   Stats
	more    int
}

func (l *entryList) add(part Stats) {
	if len(l.stats.Skipped) >= zipSkipped {
		l.more += len(part.Skipped)
		part.Skipped = nil
	}
	l.stats.add(part)
}

// end returns the list, with a line for what it does not name.
func (l *entryList) end() Stats {
	if l.more > 0 {
		path := l.archive.path
		l.stats.add(skipped(path, fmt.Errorf("%d more files in %s, which are no event logs or cannot be read", l.more, path)))
	}
	return l.stats
}

// entryName is what an entry is called in errors: a label and no path.
func (a *archive) entryName(name string) string {
	return a.path + "/" + name[:min(len(name), zipNamed)]
}

func (a *archive) entries(files []*zip.File) (Stats, error) {
	list := entryList{archive: a}
	for i, f := range files {
		if f.FileInfo().IsDir() || a.hides(f.Name) {
			continue
		}
		part, err := a.entry(f)
		list.add(part)
		if err != nil {
			return list.stats, err
		}
		if a.left <= 0 {
			list.stats.add(skipped(a.path, fmt.Errorf("%s: it unpacks to more than %d times its size: after entry %d of %d nothing more was read; "+
				"if it is no trap, unpack it and hunt in the folder", a.path, zipRatio, i+1, len(files))))
			break
		}
	}
	return list.end(), nil
}

// isHidden reports whether an entry is one that would be left out in a folder, too.
func isHidden(name string) bool {
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '\\' }) {
		if strings.HasPrefix(part, ".") && strings.Trim(part, ".") != "" || part == "__MACOSX" {
			return true
		}
	}
	return false
}

func skipped(name string, reason error) Stats {
	return Stats{Skipped: []Skipped{{name, reason}}}
}

// encryptedFlag is the bit of an entry's flags that says so (ZIP's APPNOTE.TXT, 4.4.4).
const encryptedFlag = 1

// entry reads one entry. Nothing is written anywhere.
func (a *archive) entry(f *zip.File) (Stats, error) {
	name := a.entryName(f.Name)
	switch {
	case !f.Mode().IsRegular():
		return skipped(name, fmt.Errorf("%s is a link or a device, not a file", name)), nil
	case f.Flags&encryptedFlag != 0:
		return skipped(name, fmt.Errorf("%s is encrypted: unpack it with its password, and hunt in the folder", name)), nil
	}
	content, err := f.Open()
	if err != nil {
		return skipped(name, fmt.Errorf("%s cannot be unpacked (method %d): %w: unpack it, and hunt in the folder", name, f.Method, err)), nil
	}
	stats, err := a.stream(name, &unpacked{content, &a.left}, nil)
	_ = content.Close() // what it could say, the last read has said
	if a.failed != nil {
		return stats, a.failed
	}
	if err != nil {
		stats.add(skipped(name, err))
	}
	return stats, nil
}

// unpacked is an entry's content, which ends where the archive's limit is reached.
type unpacked struct {
	io.Reader
	left *int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	if *u.left <= 0 {
		return 0, errors.New("the limit of what an archive may unpack to is reached")
	}
	n, err := u.Reader.Read(p[:min(int64(len(p)), *u.left)])
	*u.left -= int64(n)
	return n, err
}

// archiveReader reads an archive's bytes, tells how many, and no more than a budget of them
// while the directory is read.
type archiveReader struct {
	file   io.ReaderAt
	budget int // -1 for none
	spent  bool
	read   func(int)
}

func (r *archiveReader) ReadAt(p []byte, at int64) (int, error) {
	if r.budget >= 0 {
		if r.budget -= len(p); r.budget < 0 {
			r.budget, r.spent = 0, true
			return 0, errDirectory
		}
	}
	n, err := r.file.ReadAt(p, at)
	if r.read != nil {
		r.read(n)
	}
	return n, err
}
