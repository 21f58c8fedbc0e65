package bundle

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
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

// Build builds the program of a platform from the Go sources in dir. Nothing of the
// machine, the time or the folder goes into it: two builds by one release of Go give
// the same bytes. It is stripped, needs no C library, and is position-independent, as
// programs that read foreign data should be.
func (p Platform) Build(ctx context.Context, dir, version string) (Program, error) {
	body, err := p.build(ctx, dir, "./bin/"+App, "-X github.com/schtaskhunt/schtaskhunt/app/cli.Version="+version)
	return Program{p, body}, err
}

func (p Platform) build(ctx context.Context, dir, program, values string) ([]byte, error) {
	out, err := os.MkdirTemp("", "schtaskhunt-build-")
	if err != nil {
		return nil, fmt.Errorf("building for %s: %w", p.Words, err)
	}
	defer func() { _ = os.RemoveAll(out) }()
	file := filepath.Join(out, App)
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-buildmode=pie",
		"-ldflags", "-s -w -buildid= "+values, "-o", file, program)
	build.Dir = dir
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.OS, "GOARCH="+p.Arch,
		"GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off")
	if said, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building for %s: %w\n%s", p.Words, err, said)
	}
	return os.ReadFile(file)
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
