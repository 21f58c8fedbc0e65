package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
	"github.com/schtaskhunt/schtaskhunt/plugin/plugintest"
)

var hash = strings.Repeat("0123456789abcdef", 4)

// settings name a list in a new folder.
func settings(t *testing.T) map[string]string {
	t.Helper()
	list := "indicator,type,score,label\n203.0.113.0/24,cidr,90,c2\nevil.example,domain,,loader\n" + hash + ",sha256,100,\n*evil*.ps1*,command,50,\nbad line\n"
	file := filepath.Join(t.TempDir(), "feed.csv")
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"files": file, "ttl": "12h"}
}

var samples = []plugin.Indicator{
	{Kind: plugin.IP, Value: "203.0.113.7"}, {Kind: plugin.IP, Value: "192.0.2.1"}, {Kind: plugin.Domain, Value: "www.evil.example"},
	{Kind: plugin.Domain, Value: "notevil.example"}, {Kind: plugin.SHA256, Value: hash}, {Kind: plugin.CommandLine, Value: `powershell -f C:\Evil.ps1 -x`},
}

func TestEnricher(t *testing.T) {
	program := plugintest.Build(t, ".")
	plugintest.Enricher(t, program, settings(t), samples)
	got, err := plugintest.Open(t, program, host.KindEnricher, settings(t)).Enrich(context.Background(), samples)
	if err != nil {
		t.Fatal(err)
	}
	const ttl = 12 * time.Hour
	for i, want := range []plugin.Verdict{
		{Score: 90, Label: "c2", Source: "feed", TTL: ttl}, {}, {Score: 75, Label: "loader", Source: "feed", TTL: ttl}, {},
		{Score: 100, Source: "feed", TTL: ttl}, {Score: 50, Source: "feed", TTL: ttl},
	} {
		if got[i] != want {
			t.Errorf("%v: %+v, want %+v", samples[i], got[i], want)
		}
	}
}
