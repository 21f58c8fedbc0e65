// Package bundle makes the Splunk app: it fills in the configuration of default/ with
// the searches of spl/ and with the program's own table of options, puts the programs
// for each platform beside it, and writes all that as a package that is the same,
// byte for byte, whenever and wherever it is made.
package bundle

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
)

// App is the app's name: its id, its folder and the name of its search command.
const App = "schtaskhunt"

// Package is what an app is made of.
type Package struct {
	// Source is the repository, of which default/ and spl/ are read.
	Source fs.FS
	// Version is Major.Minor.Revision.
	Version string
	// Cloud keeps the programs off the indexers and the streaming half from being
	// announced. Nothing else differs.
	Cloud bool
	// Programs are the command's programs, one a platform.
	Programs []Program
	// Plugins are the programs of the plugins that come with it, each for all platforms.
	Plugins []Plugin
}

// File is a file of the app.
type File struct {
	Name string // with slashes, below the app's folder
	Mode fs.FileMode
	Body []byte
}

// Modes of files: splunkd starts what lies in a bin folder, the command what lies in the
// plugin folder of one, and nothing else.
const (
	modeFile    fs.FileMode = 0o644
	modeProgram fs.FileMode = 0o755
)

// own holds the files of the app that are no configuration.
//
//go:embed files
var own embed.FS

var version = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)

// FileName is the name of the package as a file.
func (p Package) FileName() string {
	if p.Cloud {
		return fmt.Sprintf("%s-cloud-%s.tgz", App, p.Version)
	}
	return fmt.Sprintf("%s-%s.tgz", App, p.Version)
}

// Files returns the app's files, sorted by name. An error names the file that cannot
// be made, and why.
func (p Package) Files() ([]File, error) {
	if !version.MatchString(p.Version) {
		return nil, fmt.Errorf("version %q is not Major.Minor.Revision, such as 1.2.0", p.Version)
	}
	embedded, err := fs.Sub(own, "files")
	if err != nil {
		return nil, err
	}
	var files []File
	for _, tree := range []struct {
		source fs.FS
		from   string
	}{{embedded, "."}, {p.Source, "default"}} {
		some, err := p.filled(tree.source, tree.from)
		if err != nil {
			return nil, err
		}
		files = append(files, some...)
	}
	files = append(files, icons()...)
	for _, program := range p.Programs {
		files = append(files, File{program.Path(), modeProgram, program.Body})
	}
	for _, plugin := range p.Plugins {
		files = append(files, File{plugin.Path(), modeProgram, plugin.Body})
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	return files, nil
}

// filled reads the files below a folder and fills in their markers.
func (p Package) filled(source fs.FS, from string) (files []File, err error) {
	values := p.values()
	err = fs.WalkDir(source, from, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		body, err := values.fill(name, string(text))
		if err == nil && p.Cloud {
			body, err = forCloud(name, body)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		files = append(files, File{place(name), modeFile, []byte(body)})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("making the app's files: %w", err)
	}
	return files, nil
}

// place is where a file of the repository lies in the app. The manifest describes the
// configuration and is kept with it, but Splunk looks for it at the top.
func place(name string) string {
	if name == "default/app.manifest" {
		return "app.manifest"
	}
	return name
}
