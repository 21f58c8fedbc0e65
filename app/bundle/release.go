package bundle

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"debug/elf"
	"fmt"
	"io/fs"
	"path"
	"time"

	"github.com/klauspost/compress/gzip"
)

// Desks are the platforms that archives for the command line are made for.
var Desks = []Platform{
	{"linux", "amd64", "", "Linux, x86-64"},
	{"linux", "arm64", "", "Linux, 64-bit Arm"},
	{"windows", "amd64", "", "Windows, x86-64"},
	{"windows", "arm64", "", "Windows, 64-bit Arm"},
	{"darwin", "amd64", "", "macOS, x86-64"},
	{"darwin", "arm64", "", "macOS, Arm"},
}

// Archive is what is given out for the command line of one platform.
type Archive struct {
	Source  fs.FS // the repository
	Version string
	Program Program
	Plugins []Plugin
}

// name is the folder at the archive's top, and the archive's name without its ending.
func (a Archive) name() string {
	return App + "-" + a.Version + "-" + a.Program.OS + "-" + a.Program.Arch
}

// FileName is the archive's name: a .zip for Windows, a .tar.gz for the others.
func (a Archive) FileName() string {
	if a.Program.OS == "windows" {
		return a.name() + ".zip"
	}
	return a.name() + ".tar.gz"
}

// files are the program, the plugins with their conf, what a user has to have in hand, and
// the list of what it is all made of.
func (a Archive) files() (files []File, err error) {
	for _, body := range a.bodies() {
		if err := standsAlone(a.Program.Platform, body); err != nil {
			return nil, fmt.Errorf("packing %s: %w", a.FileName(), err)
		}
	}
	conf, err := PluginsConf(a.Source, a.Plugins)
	if err != nil {
		return nil, err
	}
	bill, err := a.Bill()
	if err != nil {
		return nil, err
	}
	files = []File{
		{Name: a.Program.program(App), Mode: 0o755, Body: a.Program.Body},
		{Name: "plugins/" + path.Base(pluginsConf), Mode: 0o644, Body: conf},
		{Name: App + ".cdx.json", Mode: 0o644, Body: bill},
	}
	for _, p := range a.Plugins {
		files = append(files, File{Name: "plugins/" + a.Program.program(p.Name), Mode: 0o755, Body: p.Body})
	}
	for _, name := range []string{"LICENSE", "README.md"} {
		body, err := fs.ReadFile(a.Source, name)
		if err != nil {
			return nil, fmt.Errorf("packing %s: %w", a.FileName(), err)
		}
		files = append(files, File{Name: name, Mode: 0o644, Body: body})
	}
	return files, nil
}

// bodies are all programs of the archive.
func (a Archive) bodies() [][]byte {
	list := make([][]byte, 0, 1+len(a.Plugins))
	list = append(list, a.Program.Body)
	for _, p := range a.Plugins {
		list = append(list, p.Body)
	}
	return list
}

// standsAlone returns an error for a program that needs a loader or libraries which a Linux
// may not have.
func standsAlone(p Platform, body []byte) error {
	if p.OS != "linux" {
		return nil
	}
	program, err := elf.NewFile(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("reading a program for %s: %w", p.Words, err)
	}
	for _, part := range program.Progs {
		if part.Type == elf.PT_INTERP {
			return fmt.Errorf("a program for %s needs a loader of the machine: build it static, as CGO_ENABLED=0 and no -buildmode=pie do", p.Words)
		}
	}
	return nil
}

// Pack returns the archive. The same programs give the same bytes: modified is the time of
// every file, and nothing else of the machine goes into it.
func (a Archive) Pack(modified time.Time) ([]byte, error) {
	files, err := a.files()
	if err != nil {
		return nil, err
	}
	pack := a.tar
	if a.Program.OS == "windows" {
		pack = a.zip
	}
	body, err := pack(files, modified.UTC().Truncate(time.Second))
	if err != nil {
		return nil, fmt.Errorf("packing %s: %w", a.FileName(), err)
	}
	return body, nil
}

func (a Archive) tar(files []File, modified time.Time) ([]byte, error) {
	var out bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	compressed.OS = 255 // unknown: RFC 1952, section 2.3.1
	inner := &archive{tar.NewWriter(compressed), modified, map[string]bool{}}
	for _, f := range files {
		if err := inner.addAs(path.Join(a.name(), f.Name), f); err != nil {
			return nil, err
		}
	}
	if err := inner.w.Close(); err != nil {
		return nil, err
	}
	if err := compressed.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (a Archive) zip(files []File, modified time.Time) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		header := &zip.FileHeader{Name: path.Join(a.name(), f.Name), Method: zip.Deflate, Modified: modified}
		header.SetMode(f.Mode)
		entry, err := w.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.Body); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
