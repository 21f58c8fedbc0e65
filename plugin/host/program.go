package host

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// A program is started only when its bytes have the sum in the conf file, and what
// is started must be those bytes. A path would not do: between the sum and the start
// another file could be put in its place. On Linux the open file that was summed is
// itself started, by its descriptor, which leaves nothing on disk and minds no /tmp
// that forbids programs. Elsewhere it is copied, as it is summed, into a folder that
// none but this user can write to, and the copy is started. In both cases the owner
// of the file could still write into it in place; the owner is this user or root,
// and either could change the conf file as well.

// program is a file that was verified and can be started.
type program struct {
	name string   // as the conf file has it
	path string   // to start; "" when file is to be started by its descriptor
	file *os.File // open for reading
}

func (p *program) close() { _ = p.file.Close() }

// checkProgram allows the bare name of a file.
func checkProgram(name string) error {
	switch {
	case name == "" || name == "." || name == "..":
		return errors.New("want the name of a file in the plugin folder")
	case strings.ContainsAny(name, "/\\:\x00"):
		return errors.New("want the bare name of a file in the plugin folder, without a path")
	case len(name) > 255 || name != printable(name, 255):
		return errors.New("want a name of at most 255 printable characters")
	}
	return nil
}

// openProgram opens an entry's program and checks everything about it but the sum.
func openProgram(dir string, e Entry) (*program, error) {
	if err := checkProgram(e.Program); err != nil {
		return nil, fmt.Errorf("program = %s: %w", printable(e.Program, 100), err)
	}
	// os.Root keeps symbolic links within the folder.
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the plugin folder: %w", err)
	}
	defer func() { _ = root.Close() }() // the file stays open
	if err := checkSafe(root, ".", "the plugin folder "+filepath.Base(dir)); err != nil {
		return nil, err
	}
	name := fileName(e.Program, runtime.GOOS)
	if err := checkSafe(root, name, name); err != nil {
		return nil, err
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", name, cause(err))
	}
	return &program{name: name, file: file}, nil
}

// fileName is the program's file on a system: one conf file serves them all.
func fileName(program, system string) string {
	if system == "windows" && filepath.Ext(program) == "" {
		return program + ".exe"
	}
	return program
}

// checkSafe refuses what others than this user and root could have written.
func checkSafe(root *os.Root, name, shown string) error {
	info, err := root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is not in the plugin folder", shown)
	case err != nil:
		return fmt.Errorf("%s cannot be used: %w", shown, cause(err))
	case name != "." && !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", shown)
	}
	if err := checkOwner(info); err != nil {
		return fmt.Errorf("%s %w", shown, err)
	}
	return nil
}

// verify sums the program, which must come to the entry's sum, and writes what it
// read to each of copies.
func (p *program) verify(e Entry, copies ...io.Writer) error {
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(append(copies, sum)...), p.file); err != nil {
		return fmt.Errorf("reading %s: %w", p.name, cause(err))
	}
	if got := hex.EncodeToString(sum.Sum(nil)); !slices.Contains(strings.Fields(e.SHA256), got) {
		return fmt.Errorf("%s has the SHA-256 %s, and schtaskhunt_plugins.conf says %s: put the right file back, or the new sum into the conf file if you trust the new file", p.name, got, e.SHA256)
	}
	return nil
}

// prepare verifies the program, and makes it ready to be started.
func (p *program) prepare(e Entry, run *runFolder) error {
	if startsByDescriptor() {
		return p.verify(e)
	}
	return p.copyInto(run.path, e)
}

func startsByDescriptor() bool {
	_, err := os.Stat("/proc/self/fd")
	return runtime.GOOS == "linux" && err == nil
}

// copyInto verifies the program and puts a copy into a folder.
func (p *program) copyInto(folder string, e Entry) error {
	p.path = filepath.Join(folder, p.name)
	out, err := os.OpenFile(p.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o700)
	if err != nil {
		return fmt.Errorf("copying %s: %w", p.name, err)
	}
	if err := p.verify(e, out); err != nil {
		_ = out.Close()
		return err
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("copying %s: %w", p.name, err)
	}
	return nil
}

// Verify checks all that Open checks of the plugin's file, and starts nothing. dir is
// the plugin folder.
func Verify(dir string, e Entry) error {
	p, err := openProgram(dir, e)
	if err == nil {
		defer p.close()
		err = p.verify(e)
	}
	if err != nil {
		return fmt.Errorf("plugin %s: %w", e.Name, err)
	}
	return nil
}

// cause is an error without the path, which the message has.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
