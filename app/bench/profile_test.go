//go:build bench

package bench

import (
	"bytes"
	"io"
	"os"
	"runtime/pprof"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/cli"
)

// profiled is how many events are hunted in for the profile, in every form.
const profiled = 1_000_000

// TestProfile writes to BENCH_PROFILE where the program spends its time on the generated
// fleet, in every form in which events come. The compiler reads it: what is called most
// is worth being inlined (https://go.dev/doc/pgo).
func TestProfile(t *testing.T) {
	to := os.Getenv("BENCH_PROFILE")
	if to == "" {
		t.Skip("BENCH_PROFILE names no file; make profile sets it")
	}
	l := &lab{dir: os.Getenv("BENCH_DIR"), binary: os.Getenv("BENCH_BINARY")}
	asked, _, err := l.asked()
	must(t, err)
	f, err := makeFleet(l.dir, profiled, asked)
	must(t, err)
	var measured bytes.Buffer
	must(t, pprof.StartCPUProfile(&measured))
	for _, form := range []string{lean, lean, lean, extracted, rawOnly} { // a round of lean rows is the shortest
		inProcess(t, searchOf(t, inMemory(t, f.chunks(form))), "--map=on")
	}
	for range 3 {
		inProcess(t, nil, "hunt", "--recent=1d", "--max_devices=5", f.csv())
	}
	pprof.StopCPUProfile()
	p, err := profile.Parse(&measured)
	must(t, err)
	forget(p)
	out, err := os.Create(to)
	must(t, err)
	must(t, p.Write(out), out.Close())
}

// searchOf is what splunkd would write: a request for getinfo, then the chunks.
func searchOf(t *testing.T, chunks []byte) io.Reader {
	var request bytes.Buffer
	meta, err := chunked.GetInfoMetadata(chunked.SearchInfo{Args: []string{"recent=1d", "max_devices=5"}}, false)
	must(t, err)
	must(t, chunked.NewWriter(&request).WriteRaw(meta, nil))
	return io.MultiReader(&request, bytes.NewReader(chunks))
}

func inProcess(t *testing.T, in io.Reader, args ...string) {
	t.Helper()
	var errs bytes.Buffer
	if code := cli.Main(args, cli.Streams{In: in, Out: io.Discard, Err: &errs}); code != 0 {
		t.Fatalf("%v ended with %d: %s", args, code, errs.Bytes())
	}
}

// forget takes out of a profile what only says where and when it was made.
func forget(p *profile.Profile) {
	p.Mapping, p.TimeNanos, p.Comments = nil, 0, nil
	for _, at := range p.Location {
		at.Mapping, at.Address = nil, 0
	}
	for _, s := range p.Sample {
		s.Label, s.NumLabel, s.NumUnit = nil, nil, nil
	}
}
