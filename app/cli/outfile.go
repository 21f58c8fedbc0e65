package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// checkOutFile refuses a file that cannot be written, as far as that shows before hours of
// hunting.
func checkOutFile(name string) (string, error) {
	folder := filepath.Dir(targetOf(name))
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%q: there is no folder %s", name, folder)
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return name, nil
	case info.IsDir():
		return "", fmt.Errorf("%q is a folder: name a file in it", name)
	case !info.Mode().IsRegular(): // to open a pipe is to wait for who reads it
		return name, nil
	}
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return "", fmt.Errorf("%q cannot be written: %w", name, bare(err))
	}
	return name, file.Close()
}

// isStream reports whether a file is what a stream goes to, as /dev/stdout is: replaced, it
// would be lost to whoever reads the stream.
func isStream(name string, stream any) bool {
	info, err := os.Stat(name)
	return err == nil && isFileOf(info, stream)
}

// isFileOf reports whether a file is what a stream reads or writes.
func isFileOf(info fs.FileInfo, stream any) bool {
	file, isFile := stream.(*os.File)
	if !isFile {
		return false
	}
	of, err := file.Stat()
	return err == nil && os.SameFile(info, of)
}

// replace writes a file beside what is there, which it then replaces, so that a run that fails
// leaves the last report whole. What is no regular file is written through, and a link's target
// is what is replaced. inPlace says that a file was written over where it is, because its
// folder takes no other.
func replace(name string, write func(io.Writer) error) (inPlace bool, err error) {
	old, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return false, err
	case !old.Mode().IsRegular():
		return false, over(name, 0, write)
	}
	target := targetOf(name)
	if info, err := os.Stat(target); old != nil && (err != nil || !os.SameFile(info, old)) {
		return true, over(name, os.O_TRUNC, write) // such as /dev/fd/3 of a file that has no name any more
	}
	part, err := createBeside(target, old)
	if err != nil && old != nil && takesNone(err) {
		return true, over(target, os.O_TRUNC, write)
	}
	if err != nil {
		return false, err
	}
	if err := errors.Join(write(part), part.Close()); err != nil {
		return false, errors.Join(err, os.Remove(part.Name()))
	}
	if err = keepAccess(part.Name(), old); err == nil {
		err = os.Rename(part.Name(), target)
	}
	if err == nil {
		return false, nil
	}
	if old == nil {
		return false, errors.Join(err, os.Remove(part.Name()))
	}
	return true, moveOver(part.Name(), target) // others' files in /tmp, or one that is mounted by itself
}

// over writes to what is there, and makes no file.
func over(name string, flags int, write func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY|flags, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}

// moveOver copies a file's text into another that is there, and removes it.
func moveOver(part, target string) error {
	text, err := os.Open(part)
	if err != nil {
		return err
	}
	err = over(target, os.O_TRUNC, func(w io.Writer) error {
		_, err := io.Copy(w, text)
		return err
	})
	return errors.Join(err, text.Close(), os.Remove(part))
}

// takesNone reports whether an error says that a folder takes no new file. A full disk is none:
// to write over a file there would lose it.
func takesNone(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// createBeside makes a new file beside another: of a new report's mode, or for nobody else until
// it has the mode of the one that it replaces.
func createBeside(target string, old fs.FileInfo) (file *os.File, err error) {
	mode := fs.FileMode(0o666) // less the umask
	if old != nil {
		mode = 0o600
	}
	const attempts = 100
	for range attempts {
		name := filepath.Join(filepath.Dir(target), ".schtaskhunt-"+strconv.FormatUint(rand.Uint64(), 36))
		file, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
	}
	return nil, err
}

// keepAccess gives a file the mode of the one that it replaces, and its owner where that may be
// given away. Where not even the group can be kept, the new one gets no rights by it.
func keepAccess(part string, old fs.FileInfo) error {
	if old == nil {
		return nil
	}
	mode := old.Mode().Perm()
	if !keepOwner(part, old) {
		const group = 0o070
		mode &^= group
	}
	return os.Chmod(part, mode)
}

// mostLinks is how many links are followed to a file.
const mostLinks = 40

// targetOf returns the file that a name stands for, which need not be there, behind all links.
// No .. is taken out of a name before it is known what stands before it.
func targetOf(name string) string {
	for range mostLinks {
		folder, file := filepath.Split(name)
		folder, err := filepath.EvalSymlinks(cmp.Or(folder, "."))
		if err != nil {
			return name
		}
		name = filepath.Join(folder, file)
		link, err := os.Readlink(name)
		if err != nil {
			return name
		}
		if name = link; !filepath.IsAbs(link) {
			name = folder + string(filepath.Separator) + link
		}
	}
	return name
}
