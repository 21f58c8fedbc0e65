// Command package makes the Splunk app from the repository it is started in: two
// packages, of which the second is for Splunk Cloud. With -archives it makes what is given
// out for the command line, with -inspect it has Splunk's AppInspect look at packages.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
)

func main() {
	version := flag.String("version", "", "the app's version, Major.Minor.Revision")
	folder := flag.String("o", "dist", "where the packages go")
	only := flag.String("platform", "", "pack the programs of these platforms only, such as linux/amd64, with commas between")
	conf := flag.String("conf", "", "write the conf file of the plugins in this folder, with their sums, and nothing else")
	tool := flag.String("inspect", "", "splunk-appinspect: inspect the packages named after the flags")
	archives := flag.Bool("archives", false, "write the archives for the command line, and their checksums, in place of the packages")
	flag.Parse()
	err := error(nil)
	switch {
	case *tool != "":
		err = inspect(*tool, flag.Args())
	case *conf != "":
		err = writeConf(*conf)
	case *archives:
		err = release(*version, *folder, *only)
	default:
		err = pack(*version, *folder, *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "package:", err)
		os.Exit(1)
	}
}

func pack(version, folder, only string) error {
	platforms, err := bundle.Select(only)
	if err != nil {
		return err
	}
	programs, plugins, err := bundle.BuildAll(context.Background(), platforms, ".", version)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var errs [2]error
	var writing sync.WaitGroup
	for i, cloud := range []bool{false, true} {
		p := bundle.Package{Source: os.DirFS("."), Version: version, Cloud: cloud, Programs: programs, Plugins: plugins}
		writing.Go(func() { errs[i] = write(p, folder) })
	}
	writing.Wait()
	return errors.Join(errs[:]...)
}

// release writes the archives, and the checksums of all.
func release(version, folder, only string) error {
	platforms, err := bundle.SelectFrom(bundle.Desks, only)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var sums bytes.Buffer
	programs, plugins, err := bundle.BuildAll(context.Background(), platforms, ".", version)
	if err != nil {
		return err
	}
	for i, program := range programs {
		own := plugins[i*len(bundle.PluginNames):][:len(bundle.PluginNames)]
		a := bundle.Archive{Source: os.DirFS("."), Version: version, Program: program, Plugins: own}
		body, err := a.Pack(modified())
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(body), a.FileName())
		if err := os.WriteFile(filepath.Join(folder, a.FileName()), body, 0o644); err != nil {
			return err
		}
	}
	fmt.Print(sums.String())
	return os.WriteFile(filepath.Join(folder, "SHA256SUMS"), sums.Bytes(), 0o644)
}

// writeConf names the plugins that were built into a folder. Others than its owner must
// not be able to write to the folder or to what is in it, whatever the umask.
func writeConf(folder string) error {
	var plugins []bundle.Plugin
	for _, name := range bundle.PluginNames {
		file := filepath.Join(folder, name)
		body, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			file += ".exe"
			body, err = os.ReadFile(file)
		}
		if err == nil {
			err = os.Chmod(file, 0o755)
		}
		if err != nil {
			return err
		}
		plugins = append(plugins, bundle.Plugin{Name: name, Body: body})
	}
	body, err := bundle.PluginsConf(os.DirFS("."), plugins)
	if err != nil {
		return err
	}
	name := filepath.Join(folder, "schtaskhunt_plugins.conf")
	return errors.Join(os.WriteFile(name, body, 0o644), os.Chmod(name, 0o644), os.Chmod(folder, 0o755))
}

// write writes one package, once it has been read back and found sound.
func write(p bundle.Package, folder string) error {
	files, err := p.Files()
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	if err := bundle.Write(&packed, files, modified()); err != nil {
		return err
	}
	if _, err := bundle.Read(bytes.NewReader(packed.Bytes())); err != nil {
		return err
	}
	name := filepath.Join(folder, p.FileName())
	fmt.Printf("%s  %d bytes  sha256 %x\n", name, packed.Len(), sha256.Sum256(packed.Bytes()))
	return os.WriteFile(name, packed.Bytes(), 0o644)
}

// modified is the time of every file in the package: SOURCE_DATE_EPOCH where it is
// set, as reproducible builds have it, else a fixed one.
func modified() time.Time {
	if seconds, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(seconds, 0)
	}
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
}

// inspect fails on what the README does not list with a reason.
func inspect(tool string, packages []string) error {
	if len(packages) == 0 {
		return errors.New("no package to inspect is named")
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		return err
	}
	var all []bundle.Finding
	for _, name := range packages {
		for _, tag := range []string{"", "cloud", "private_victoria"} {
			found, err := bundle.Inspect(context.Background(), tool, name, tag)
			if err != nil {
				return err
			}
			fmt.Printf("%s, precert, tag %q: %d findings\n", name, tag, len(found))
			for _, f := range found {
				fmt.Printf("    %s: %s\n", f.Result, f.Check)
			}
			all = append(all, found...)
		}
	}
	return bundle.Judge(all, bundle.Excused(string(readme)))
}
