package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
)

func TestRealisticSample(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "fleet")
	var out, errs bytes.Buffer
	code := Main([]string{"sample", "--profile", "realistic", "--devices", "20", "--days", "1", "--tail", "0.5", "--fresh", "0.5", dir}, Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code != 0 || !strings.Contains(errs.String(), "24 planted channels") || !strings.Contains(errs.String(), "among 10 rare benign kinds") {
		t.Errorf("exit %d, %s", code, errs.String())
	}
	for _, name := range []string{realistic.KeyFile, realistic.ChannelsFile, "README.txt"} {
		if s, err := os.Stat(filepath.Join(dir, name)); err != nil || s.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A flag that a profile does not heed is refused, not ignored.
func TestSampleProfilesHeedTheirFlags(t *testing.T) {
	for _, args := range [][]string{{"--tail", "1"}, {"--fresh", "1"}, {"--hijacks"}, {"--profile", "realistic", "--scale", "2"}, {"--profile", "real"}, {"--profile", "realistic", "--tail", "-1"}} {
		var out, errs bytes.Buffer
		code := Main(append(append([]string{"sample"}, args...), t.TempDir()), Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
		if code != 2 || errs.Len() == 0 {
			t.Errorf("%v: exit %d, %s", args, code, errs.String())
		}
	}
}

// What a sample writes beside its events needs no warning when its folder is hunted in, of
// every profile; --verbose tells of it, and another file of the same name is warned of.
func TestSampleHuntsWithoutWarning(t *testing.T) {
	run := func(args ...string) string {
		var out, errs bytes.Buffer
		if code := Main(args, Streams{In: strings.NewReader(""), Out: &out, Err: &errs}); code != 0 {
			t.Fatalf("%v: exit %d, %s", args, code, errs.String())
		}
		return errs.String()
	}
	for _, profile := range []string{"plain", "realistic", "roots"} {
		dir := filepath.Join(t.TempDir(), "fleet")
		run("sample", "--profile", profile, "--devices", "20", "--days", "1", dir)
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		hunt := []string{"hunt", "--recent", "all", "--output", "findings", "--format", "csv", "--top", "1", dir}
		if said := run(hunt...); strings.Contains(said, "left out: ") || strings.Contains(said, "files were left out") {
			t.Errorf("%s: %s", profile, said)
		}
		said := run(append(hunt, "--verbose")...)
		for _, file := range files {
			if isEvents := strings.HasPrefix(filepath.Base(file), "events-"); isEvents == strings.Contains(said, "left out: "+file) {
				t.Errorf("%s: %s is left out or not: %s", profile, file, said)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "README.txt"), []byte("what I did today\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if said := run(hunt...); strings.Count(said, "left out: ") != 1 || !strings.Contains(said, "README.txt is not an event log") {
			t.Errorf("%s: another README: %s", profile, said)
		}
	}
}
