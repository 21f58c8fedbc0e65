// Package plugins finds the plugins that an administrator installed, and opens those
// that a run names. What a plugin may do, and what becomes of one that does not behave,
// is the business of package plugin/host.
package plugins

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// ConfFile is the name of the files that name the plugins.
const ConfFile = "schtaskhunt_plugins.conf"

// folderName is the plugin folder, beside the program.
const folderName = "plugins"

// Installed are the plugins that conf files name. They need not be sound: Verify and
// Open look at the programs themselves.
type Installed struct {
	Folder string // where their programs are
	Conf   host.Conf
	// Start starts one of them. log gets what it writes, line by line, from any
	// goroutine; it may be nil. The caller must Close what comes back.
	Start func(name string, log func(string)) (Running, error)
}

// Running is a plugin that runs. Its methods are those of host.Plugin, with its
// promises: answers have been checked, and a call that fails does so within its
// deadline. It is safe for concurrent use.
type Running interface {
	Info() plugin.Info
	Mapping(ctx context.Context) (plugin.Mapping, error)
	MapRows(ctx context.Context, table string, rows []plugin.Row) ([]plugin.Row, error)
	Enrich(ctx context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error)
	Close() error
}

// Find reads which plugins are installed for a program, given by its path. Their folder
// is plugins, beside it. They are named by the conf files of that folder, and, where the
// program is part of a Splunk app, by the app's own, of default and of local; of an
// attribute the last one holds. Without any such file none are installed.
//
// It costs two or more looks for files, so call it only when a plugin is asked for.
func Find(executable string) (Installed, error) {
	bin := filepath.Dir(executable)
	in := Installed{Folder: filepath.Join(bin, folderName)}
	places := []string{in.Folder, filepath.Join(in.Folder, "local")}
	if app, ok := AppFolder(executable); ok {
		places = append(places, filepath.Join(app, "default"), filepath.Join(app, "local"))
	}
	var files []io.Reader
	for _, place := range places {
		file, err := openConf(filepath.Join(place, ConfFile))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return in, fmt.Errorf("finding plugins: %w", err)
		}
		defer file.Close()
		files = append(files, file)
	}
	var err error
	in.Conf, err = host.ReadConf(files...)
	in.Start = func(name string, log func(string)) (Running, error) {
		p, err := host.Open(in.Folder, in.Conf, name, log)
		if err != nil {
			return nil, err // and not a Running that holds no plugin
		}
		return p, nil
	}
	return in, err
}

// platformFolders are the folders beside bin in which splunkd looks for a search
// command first (commands.conf.spec, filename).
var platformFolders = []string{"linux_x86_64", "linux_x86", "windows_x86_64", "windows_x86", "darwin_x86_64"}

// AppFolder returns the folder of the Splunk app that a program is part of: that of its
// bin folder, or of its platform's. ok is false when it lies in no folder bin.
func AppFolder(executable string) (app string, ok bool) {
	bin := filepath.Dir(executable)
	if filepath.Base(bin) != "bin" {
		return "", false
	}
	app = filepath.Dir(bin)
	if slices.Contains(platformFolders, filepath.Base(app)) {
		app = filepath.Dir(app)
	}
	return app, true
}

// openConf opens a conf file, unless others could have written it: it says which
// programs may run.
func openConf(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", path)
	}
	if err == nil {
		err = checkFolder(filepath.Dir(path))
	}
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		err = fmt.Errorf("%s may be written by others than its owner (mode %04o): chmod go-w", path, info.Mode().Perm())
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

// checkFolder refuses a folder of conf files that others may write to: they could put
// files of their own in the place of these.
func checkFolder(path string) error {
	info, err := os.Stat(path)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("folder %s may be written by others than its owner (mode %04o): chmod go-w", path, info.Mode().Perm())
	}
	return err
}

// Names returns the names of the plugins, in the order of the conf files.
func (in Installed) Names() (names command.Installed) {
	for _, e := range in.Conf.Entries {
		list := &names.Enrichers
		switch {
		case e.Disabled:
			list = &names.Disabled
		case e.Kind == host.KindMapper:
			list = &names.Mappers
		}
		*list = append(*list, e.Name)
	}
	return names
}

// Verify checks everything about a plugin's program and starts nothing.
func (in Installed) Verify(e host.Entry) error { return host.Verify(in.Folder, e) }
