package bundle

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Platform is an operating system and processor, and the folder of an app in which
// splunkd looks for its programs there (commands.conf.spec, filename).
type Platform struct {
	OS, Arch string // as Go calls them
	Folder   string
	Words    string // for people
}

// Platforms are those that the app has a program for. Splunk has no name for Arm; a
// splunkd that finds no folder of its platform takes bin, which on every other
// platform is not reached.
var Platforms = []Platform{
	{"linux", "amd64", "linux_x86_64/bin", "Linux, x86-64"},
	{"linux", "arm64", "bin", "Linux, 64-bit Arm"},
	{"windows", "amd64", "windows_x86_64/bin", "Windows, x86-64"},
	{"darwin", "amd64", "darwin_x86_64/bin", "macOS, x86-64"},
}

// Program is the program of one platform.
type Program struct {
	Platform
	Body []byte
}

// Path is where the program lies in the app.
func (p Platform) Path() string {
	return path.Join(p.Folder, p.program(App))
}

// program is the file name of a program.
func (p Platform) program(name string) string {
	if p.OS == "windows" {
		return name + ".exe"
	}
	return name
}

// Build builds the programs of a platform, the command's and those of [PluginNames], from
// the Go sources in dir: one go command, which links them side by side. Nothing of the
// machine, the time or the folder goes into them: two builds by one release of Go give
// the same bytes. They are stripped and linked as [Platform.mode] says. All are compiled for
// the command's profile: what they have in common is compiled once.
func (p Platform) Build(ctx context.Context, dir, version string) (Program, []Plugin, error) {
	out, err := os.MkdirTemp("", "schtaskhunt-build-")
	if err != nil {
		return Program{}, nil, fmt.Errorf("building for %s: %w", p.Words, err)
	}
	defer func() { _ = os.RemoveAll(out) }()
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-buildmode="+p.mode(),
		"-ldflags", "-s -w -buildid= -X github.com/schtaskhunt/schtaskhunt/app/cli.Version="+version+" -X main.version="+version,
		"-pgo", filepath.Join("bin", App, "default.pgo"), "-o", out+string(filepath.Separator), "./bin/"+App)
	for _, name := range PluginNames {
		build.Args = append(build.Args, "./bin/"+name)
	}
	build.Dir = dir
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.OS, "GOARCH="+p.Arch,
		"GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off")
	if said, err := build.CombinedOutput(); err != nil {
		return Program{}, nil, fmt.Errorf("building for %s: %w\n%s", p.Words, err, said)
	}
	return p.built(out)
}

// mode is how the programs are linked: position-independent, as what reads foreign data should
// be. On Linux the GNU C library's loader starts such a program. Splunk needs it too; who
// unpacks an archive may have another, so that the programs in there are static.
func (p Platform) mode() string {
	if p.OS == "linux" && p.Folder == "" {
		return "default"
	}
	return "pie"
}

// BuildAll builds for some platforms, two at a time: one links while the other compiles.
func BuildAll(ctx context.Context, platforms []Platform, dir, version string) (programs []Program, plugins []Plugin, err error) {
	type result struct {
		program Program
		plugins []Plugin
		err     error
	}
	results := make([]result, len(platforms))
	slots := make(chan struct{}, 2)
	var building sync.WaitGroup
	for i, p := range platforms {
		building.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			r := &results[i]
			r.program, r.plugins, r.err = p.Build(ctx, dir, version)
		})
	}
	building.Wait()
	for _, r := range results {
		programs, plugins, err = append(programs, r.program), append(plugins, r.plugins...), errors.Join(err, r.err)
	}
	return programs, plugins, err
}

// built reads the programs that a go command left in a folder.
func (p Platform) built(folder string) (program Program, plugins []Plugin, err error) {
	program.Platform = p
	if program.Body, err = os.ReadFile(filepath.Join(folder, p.program(App))); err != nil {
		return Program{}, nil, fmt.Errorf("reading what was built for %s: %w", p.Words, err)
	}
	for _, name := range PluginNames {
		body, err := os.ReadFile(filepath.Join(folder, p.program(name)))
		if err != nil {
			return Program{}, nil, fmt.Errorf("reading what was built for %s: %w", p.Words, err)
		}
		plugins = append(plugins, Plugin{p, name, body})
	}
	return program, plugins, nil
}

// Select returns the platforms that a list names, such as linux/amd64,windows/amd64; all
// of them for an empty one.
func Select(list string) (chosen []Platform, err error) { return SelectFrom(Platforms, list) }

// SelectFrom is Select among other platforms.
func SelectFrom(platforms []Platform, list string) (chosen []Platform, err error) {
	if list == "" {
		return platforms, nil
	}
	for name := range strings.SplitSeq(list, ",") {
		at := slices.IndexFunc(platforms, func(p Platform) bool { return p.OS+"/"+p.Arch == name })
		if at < 0 {
			return nil, fmt.Errorf("the app has no program for the platform %q: it has them for %s", name, platformNames(platforms))
		}
		chosen = append(chosen, platforms[at])
	}
	return chosen, nil
}

func platformNames(platforms []Platform) string {
	names := make([]string, len(platforms))
	for i, p := range platforms {
		names[i] = p.OS + "/" + p.Arch
	}
	return strings.Join(names, ", ")
}

// declaration lists the programs for README.txt.
func declaration(programs []Program, plugins []Plugin) string {
	var b strings.Builder
	for _, p := range programs {
		fmt.Fprintf(&b, "%s\n    %s; SHA-256 %x\n", p.Path(), p.Words, sha256.Sum256(p.Body))
	}
	for _, p := range plugins {
		fmt.Fprintf(&b, "%s\n    %s; SHA-256 %x\n", p.Path(), p.Words, sha256.Sum256(p.Body))
	}
	return b.String()
}
