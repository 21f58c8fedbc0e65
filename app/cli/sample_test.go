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
