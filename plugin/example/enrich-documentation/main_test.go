package main

import (
	"context"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
	"github.com/schtaskhunt/schtaskhunt/plugin/plugintest"
)

var samples = []plugin.Indicator{
	{Kind: plugin.IP, Value: "203.0.113.7"}, {Kind: plugin.IP, Value: "8.8.8.8"}, {Kind: plugin.Domain, Value: "example.org"},
	{Kind: plugin.CommandLine, Value: "192.0.2.1"}, {Kind: plugin.IP, Value: "::ffff:198.51.100.1"},
}

func TestEnricher(t *testing.T) {
	program := plugintest.Build(t, ".")
	plugintest.Enricher(t, program, nil, samples)

	p := plugintest.Open(t, program, host.KindEnricher, map[string]string{"score": "20.5"})
	got, err := p.Enrich(context.Background(), samples)
	known := plugin.Verdict{Score: 20.5, Label: "documentation", Source: "RFC 5737", TTL: 24 * time.Hour}
	if want := []plugin.Verdict{known, {}, {}, {}, known}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

// The page for authors shows this very file, and it is short.
func TestShownInTheDocumentation(t *testing.T) {
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(source), "\n"); lines > 60 {
		t.Errorf("the example has %d lines, and is to have 60", lines)
	}
	page, err := os.ReadFile("../../../docs/plugins.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```go\n"+string(source)+"```\n") {
		t.Error("docs/plugins.md does not show main.go as it is")
	}
}
