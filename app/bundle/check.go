package bundle

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// maxUnpacked bounds what Read takes in: Splunk Cloud takes no package of more than
// 128 MB, and unpacked ours is several times that at most.
const maxUnpacked = 512 << 20

// Read reads a package back and holds it to what an installer relies on: one folder at
// the top, no name that leads out of it or is hidden, plain files and folders only,
// owned by root, nobody but the owner may write, only programs may be executed. The
// error names the entry.
func Read(r io.Reader) ([]File, error) {
	compressed, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("reading the package: %w", err)
	}
	entries := tar.NewReader(io.LimitReader(compressed, maxUnpacked))
	var files []File
	for {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the package: %w", err)
		}
		if err := checkEntry(header); err != nil {
			return nil, fmt.Errorf("entry %q: %w", header.Name, err)
		}
		if header.Typeflag == tar.TypeDir {
			continue
		}
		body, err := io.ReadAll(entries)
		if err != nil {
			return nil, fmt.Errorf("entry %q: %w", header.Name, err)
		}
		name := strings.TrimPrefix(header.Name, App+"/")
		files = append(files, File{name, fs.FileMode(header.Mode), body})
	}
}

func checkEntry(h *tar.Header) error {
	name := strings.TrimSuffix(h.Name, "/")
	switch {
	case !fs.ValidPath(name) || strings.Contains(name, `\`):
		return errors.New("the name may lead out of the folder it is unpacked in")
	case name != App && !strings.HasPrefix(name, App+"/"):
		return errors.New("it lies outside the app's folder")
	case strings.HasPrefix(name, ".") || strings.Contains(name, "/."):
		return errors.New("the name is hidden")
	case h.Uid != 0 || h.Gid != 0:
		return fmt.Errorf("it belongs to %d:%d, not to root", h.Uid, h.Gid)
	}
	switch mode := fs.FileMode(h.Mode); {
	case h.Typeflag == tar.TypeDir && mode == 0o755, h.Typeflag == tar.TypeReg && mode == modeOf(name):
		return nil
	case h.Typeflag != tar.TypeDir && h.Typeflag != tar.TypeReg:
		return errors.New("it is neither a file nor a folder")
	default:
		return fmt.Errorf("its mode is %04o", h.Mode)
	}
}

// modeOf is the mode that a file of the app has to have.
func modeOf(name string) fs.FileMode {
	folder := path.Dir(name)
	if path.Base(folder) == pluginFolder {
		folder = path.Dir(folder)
	}
	if path.Base(folder) == "bin" {
		return modeProgram
	}
	return modeFile
}
