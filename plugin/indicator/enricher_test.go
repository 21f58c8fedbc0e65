package indicator

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// The enricher is what a plugin serves.
var (
	_ plugin.Enricher   = (*Enricher)(nil)
	_ plugin.Configurer = (*Enricher)(nil)
)

// write puts files into a new folder, and makes it the working folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return dir
}

func TestEnricher(t *testing.T) {
	dir := write(t, map[string]string{"a.txt": "evil.example\nwhat is this\n", "b.csv": "indicator,score\nevil.example,90\n203.0.113.7,\n"})
	var log strings.Builder
	e := &Enricher{Log: &log}
	ctx := context.Background()
	batch := []plugin.Indicator{{Kind: plugin.Domain, Value: "evil.example"}, {Kind: plugin.IP, Value: "203.0.113.7"}, {Kind: plugin.IP, Value: "203.0.113.8"}}
	if _, err := e.Enrich(ctx, batch); err == nil {
		t.Error("it answers before it was configured")
	}
	settings := map[string]string{"files": " a.txt , " + filepath.Join(dir, "b.csv") + ",", "score": "40", "ttl": "12h"}
	if err := e.Configure(ctx, settings); err != nil {
		t.Fatal(err)
	}
	verdicts, err := e.Enrich(ctx, batch)
	want := []plugin.Verdict{{Score: 90, Source: "b", TTL: 12 * time.Hour}, {Score: 40, Source: "b", TTL: 12 * time.Hour}, {}}
	if err != nil || len(verdicts) != len(want) {
		t.Fatalf("verdicts %+v, error %v", verdicts, err)
	}
	for i := range want {
		if verdicts[i] != want[i] {
			t.Errorf("%s: %+v, want %+v", batch[i].Value, verdicts[i], want[i])
		}
	}
	if got := log.String(); got != "indicators: a.txt:2: \"what is this\" is no address, network, domain, URL or SHA-256\n" {
		t.Errorf("log says %q", got)
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	write(t, map[string]string{"a.txt": "evil.example\n"})
	for _, c := range []struct{ files, score, ttl, says string }{
		{"", "", "", "setting files is missing"}, {" , ", "", "", "setting files is missing"}, {"../a.txt", "", "", "leads out of the plugin folder"},
		{"nothere.txt", "", "", "nothere.txt"}, {".", "", "", "not a regular file"},
		{"a.txt", "101", "", "setting score"}, {"a.txt", "NaN", "", "setting score"}, {"a.txt", "x", "", "setting score"},
		{"a.txt", "", "1x", "setting ttl"}, {"a.txt", "", "h", "setting ttl"}, {"a.txt", "", "-1h", "setting ttl"}, {"a.txt", "", "9999999999999w", "setting ttl"}, {"a.txt", "", "4294967295w", "setting ttl"},
	} {
		err := new(Enricher).Configure(context.Background(), map[string]string{"files": c.files, "score": c.score, "ttl": c.ttl})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: error %v", c, err)
		}
	}
	err := new(Enricher).Configure(context.Background(), map[string]string{"files": "a.txt", "scores": "5"})
	if err == nil || err.Error() != `there is no setting "scores", want files, score, ttl` {
		t.Errorf("error %v", err)
	}
}

func TestConfigureStopsWithItsContext(t *testing.T) {
	write(t, map[string]string{"a.txt": "evil.example\n"})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := new(Enricher).Configure(ctx, map[string]string{"files": "a.txt"}); err == nil {
		t.Error("no error")
	}
}
