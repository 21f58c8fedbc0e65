package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// lookupsFolder returns where the lookups of the Splunk app lie that a program is
// part of: beside its bin folder, or beside its platform's.
func lookupsFolder(executable string) (string, error) {
	app, ok := plugins.AppFolder(executable)
	if !ok {
		return "", errors.New("lookup files are read from the Splunk app, and this program is not in its bin folder")
	}
	return filepath.Join(app, "lookups"), nil
}

// openAppLookup opens a list in the app's lookups folder, and nothing outside it.
func openAppLookup(name string) (io.ReadCloser, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the app's lookups folder: %w", err)
	}
	folder, err := lookupsFolder(executable)
	if err != nil {
		return nil, err
	}
	file, err := openIn(folder, name)
	if err != nil {
		return nil, err
	}
	return source.List(name, file)
}

// openIn opens a file in a folder. os.Root keeps names and links within it.
func openIn(folder, name string) (io.ReadCloser, error) {
	place := filepath.Join("etc", "apps", filepath.Base(filepath.Dir(folder)), filepath.Base(folder))
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("lookup file %q: the app has no folder %s", name, place)
	}
	defer func() { _ = root.Close() }() // the file stays open
	info, err := root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("lookup file %q is not in %s: put it there and share it in this app, or give its entries themselves", name, place)
	case err != nil:
		return nil, fmt.Errorf("lookup file %q in %s cannot be read: %w", name, place, bare(err))
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("lookup file %q in %s is not a regular file", name, place)
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("lookup file %q in %s cannot be read: %w", name, place, bare(err))
	}
	return file, nil
}

// bare is the cause of an error without the path, which the message has.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// openLookupFile opens a lookup file that the user of the command line named.
func openLookupFile(name string) (io.ReadCloser, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, command.Usage("lookup file %q cannot be read: %w", name, bare(err))
	}
	if !info.Mode().IsRegular() {
		return nil, command.Usage("lookup file %q is not a regular file", name)
	}
	return openList(name)
}

// openList opens a list that somebody may have saved from a spreadsheet.
func openList(name string) (io.ReadCloser, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return source.List(name, file)
}
