package source

import (
	"archive/tar"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Where and how a tar archive says that it is one. Source: POSIX 1003.1, pax, the ustar
// interchange format; GNU's archives begin alike.
const (
	tarMagic   = "ustar"
	tarMagicAt = 257
)

// isTar reports whether a text is a tar archive, by its beginning.
func isTar(text *bufio.Reader) bool {
	head, _ := text.Peek(tarMagicAt + len(tarMagic)) // an error comes back at the first read
	return len(head) > tarMagicAt && string(head[tarMagicAt:]) == tarMagic
}

// tar reads the entries of an archive as they come, and so of one that is packed or a stream
// as well. Nothing in it can be read twice, and an archive in an archive is left alone.
func (r *reading) tar(name string, text *bufio.Reader) (Stats, error) {
	inner := *r
	inner.Read, inner.Opened, inner.archived = nil, nil, true // both are told of the archive
	inner.root = name
	a := archive{reading: &inner, path: name}
	stats, err := a.tarEntries(tar.NewReader(text))
	r.number = inner.number
	if err == nil {
		stats, err = a.behindEnd(stats, text)
	}
	if err == nil && stats.Files == 0 {
		return Stats{}, a.withoutLogs("tar archive", stats)
	}
	return stats, err
}

func (a *archive) tarEntries(from *tar.Reader) (Stats, error) {
	list := entryList{archive: a}
	for n := 0; ; n++ {
		header, err := from.Next()
		var broken *PackedError
		switch {
		case errors.Is(err, io.EOF):
			return list.end(), nil
		case errors.As(err, &broken):
			return list.end(), fmt.Errorf("reading %s: %w", a.path, err)
		case err != nil:
			list.add(skipped(a.path, fmt.Errorf("%s breaks off behind entry %d (%w): what is behind it is missing", a.path, n, err)))
			return list.end(), nil
		case header.Typeflag == tar.TypeDir, header.Typeflag == tar.TypeXGlobalHeader, a.hides(header.Name):
			continue
		}
		if list.add(a.tarEntry(header, from)); a.failed != nil {
			return list.end(), a.failed
		}
	}
}

// behindEnd reads what stands behind the end of an archive: zeros, or another one that was
// joined to it.
func (a *archive) behindEnd(stats Stats, text io.Reader) (Stats, error) {
	for block := make([]byte, 64<<10); ; {
		n, err := text.Read(block)
		if len(bytes.Trim(block[:n], "\x00")) > 0 {
			stats.add(skipped(a.path, fmt.Errorf("%s goes on behind its end: what is there was not read; unpack it with tar --ignore-zeros, and hunt in the folder", a.path)))
			return stats, nil
		}
		if errors.Is(err, io.EOF) {
			return stats, nil
		}
		if err != nil {
			return stats, fmt.Errorf("reading %s: %w", a.path, err)
		}
	}
}

// tarEntry reads one entry. One with holes may claim to be any number of bytes long that
// nobody wrote.
func (a *archive) tarEntry(header *tar.Header, content io.Reader) Stats {
	name := a.entryName(header.Name)
	switch {
	case header.Typeflag == tar.TypeGNUSparse || isSparse(header):
		return skipped(name, fmt.Errorf("%s is a file with holes: unpack the archive, and hunt in the folder", name))
	case header.Typeflag != tar.TypeReg:
		return skipped(name, fmt.Errorf("%s is a link or a device, not a file", name))
	}
	stats, err := a.stream(name, content, nil)
	if err != nil {
		stats.add(skipped(name, err))
	}
	return stats
}

func isSparse(header *tar.Header) bool {
	for key := range header.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}
