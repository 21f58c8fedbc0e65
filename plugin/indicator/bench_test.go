package indicator

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// million makes a set of n entries: addresses, networks, domains and digests in equal
// parts, with a hundred labels; and questions of which half have an answer.
func million(t testing.TB, n int) (*Set, map[plugin.IndicatorKind][]plugin.Indicator) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	questions := map[plugin.IndicatorKind][]plugin.Indicator{}
	ask := func(kind plugin.IndicatorKind, value string) {
		questions[kind] = append(questions[kind], plugin.Indicator{Kind: kind, Value: value})
	}
	reader, writer := io.Pipe()
	go func() {
		fmt.Fprintln(writer, "indicator,type,score,label")
		for i := range n / 4 {
			label := i % 100
			a, h := r.Uint32(), [4]uint64{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()}
			ip := fmt.Sprintf("%d.%d.%d.%d", 1+a>>24%200, a>>16&255, a>>8&255, a&255)
			name := fmt.Sprintf("host%x.%s.example", r.Uint32(), [...]string{"cdn", "static", "update"}[i%3])
			digest := fmt.Sprintf("%016x%016x%016x%016x", h[0], h[1], h[2], h[3])
			fmt.Fprintf(writer, "%s,ip,90,label %d\n%d.%d.%d.0/%d,cidr,50,net %d\n%s,domain,80,label %d\n%s,sha256,100,label %d\n",
				ip, label, 1+a>>24%200, a>>8&255, a&255, 24+i%4, label, name, label, digest, label)
			if i%64 == 0 {
				ask(plugin.IP, ip)
				ask(plugin.IP, fmt.Sprintf("2001:db8::%x", i))
				ask(plugin.Domain, "www."+name)
				ask(plugin.Domain, fmt.Sprintf("www.host%d.good.example", i))
				ask(plugin.SHA256, digest)
				ask(plugin.SHA256, strings.Repeat(fmt.Sprintf("%08x", i), 8))
			}
		}
		writer.Close()
	}()
	b := NewBuilder(Options{})
	if err := b.AddList("million", reader); err != nil {
		t.Fatal(err)
	}
	return b.Build(), questions
}

func BenchmarkLookup(b *testing.B) {
	set, questions := million(b, 1_000_000)
	for _, kind := range []plugin.IndicatorKind{plugin.IP, plugin.Domain, plugin.SHA256} {
		b.Run(string(kind), func(b *testing.B) {
			b.ReportAllocs()
			asked := questions[kind]
			for i := 0; b.Loop(); i++ {
				set.Lookup(asked[i%len(asked)])
			}
		})
	}
}

func BenchmarkLookupCommand(b *testing.B) {
	var text strings.Builder
	text.WriteString("indicator,type\n")
	for i := range maxPatterns {
		fmt.Fprintf(&text, "*evil%d*,command\nevil.exe %d,command\n", i, i)
	}
	set, _ := read(b, "commands", text.String())
	of := plugin.Indicator{Kind: plugin.CommandLine, Value: `C:\Windows\System32\svchost.exe -k netsvcs -p -s Schedule ` + strings.Repeat("x", 100)}
	b.ReportAllocs()
	for b.Loop() {
		set.Lookup(of)
	}
}

func BenchmarkBuild(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		set, _ := million(b, 1_000_000)
		b.ReportMetric(float64(set.Bytes())/float64(set.Len()), "bytes/entry")
	}
}

// A million entries take a few tens of megabytes, and a look-up allocates nothing.
func TestMillionEntries(t *testing.T) {
	if testing.Short() {
		t.Skip("a million entries take a second or two; left out with -short")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	set, questions := million(t, 1_000_000)
	runtime.GC()
	runtime.ReadMemStats(&after)
	live := int(after.HeapAlloc) - int(before.HeapAlloc)
	t.Logf("%d entries, %d bytes in tables, %d bytes live", set.Len(), set.Bytes(), live)
	if set.Len() < 900_000 || live > 64<<20 || set.Bytes() > 48<<20 {
		t.Errorf("%d entries take %d bytes, %d in tables", set.Len(), live, set.Bytes())
	}
	for kind, asked := range questions {
		found := 0
		for _, of := range asked {
			if set.Lookup(of) != (plugin.Verdict{}) {
				found++
			}
		}
		if found != len(asked)/2 {
			t.Errorf("%s: %d of %d have a verdict, want half", kind, found, len(asked))
		}
		n := 0
		if allocs := testing.AllocsPerRun(1000, func() { set.Lookup(asked[n%len(asked)]); n++ }); allocs != 0 {
			t.Errorf("%s: %v allocations a look-up", kind, allocs)
		}
	}
}

// meter makes a JSON list of n pieces, and looks at the heap on the way.
type meter struct {
	n, made  int
	text     []byte
	greatest uint64
}

func (m *meter) Read(p []byte) (int, error) {
	if len(m.text) == 0 {
		switch m.made {
		case m.n:
			return 0, io.EOF
		case 0:
			m.text = []byte(`{"response":[`)
		case m.n - 1:
			m.text = []byte(`{}]}`)
		default:
			m.text = fmt.Appendf(m.text[:0], `{"Event":{"info":"event %d","Attribute":[{"type":"ip-dst","value":"203.0.113.%d","to_ids":true,"comment":%q}]}},`,
				m.made, m.made%256, strings.Repeat("x", 4000))
		}
		if m.made++; m.made%2000 == 0 {
			var now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&now)
			m.greatest = max(m.greatest, now.HeapAlloc)
		}
	}
	n := copy(p, m.text)
	m.text = m.text[n:]
	return n, nil
}

// A JSON list is read as a stream: of 40 MB no more is held than its indicators.
func TestJSONIsStreamed(t *testing.T) {
	if testing.Short() {
		t.Skip("reading 40 MB takes a second; left out with -short")
	}
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	m := &meter{n: 10_000}
	b := NewBuilder(Options{})
	if err := b.AddList("feed", m); err != nil {
		t.Fatal(err)
	}
	if held := int(m.greatest) - int(before.HeapAlloc); held > 4<<20 || b.Report().Entries != 9998 || m.greatest == 0 {
		t.Errorf("%d bytes held, report %+v", held, b.Report())
	}
}
