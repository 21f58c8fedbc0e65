//go:build !noremote

package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

// The commands of the pages run as they stand, but for the servers that they name.
func TestRemoteCommandsOfThePages(t *testing.T) {
	hurry(t)
	tables, _ := defenderFleet(t)
	then, _ := time.Parse(time.RFC3339, kustoNow)
	asked := pretended.NewKusto(t, &pretended.Kusto{Tables: tables, Token: token, Clock: time.Until(then)})
	ran := 0
	for _, name := range []string{"../../README.md", "../../docs/remote.md"} {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`\\\n +`).ReplaceAllString(string(body), " ")
		for _, m := range regexp.MustCompile(`(?m)^ {4,}schtaskhunt (remote .*)$`).FindAllStringSubmatch(text, -1) {
			ran++
			collector := &pretended.Collector{Token: hecToken, Index: "schtaskhunt"}
			pretended.StartCollector(t, collector)
			server := startSplunkd(t, &pretended.Splunkd{Events: indexed(t, demoEvents, "raw"), Findings: collector})
			line := strings.NewReplacer("https://splunk.example:8089", server.URL, "https://splunk.example:8088", collector.URL, "'...'", "index=sysmon").Replace(m[1])
			if strings.Contains(line, "--sentinel") || strings.Contains(line, "--defender") {
				line = strings.Replace(line, "--credential cli", "", 1) + " --url " + asked.URL
			}
			args, _, err := standin.Tokenize(strings.ReplaceAll(line, "'", `"`))
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			stdout, stderr, code := cli(args...)
			if code != done || !strings.Contains(stdout, "finding") {
				t.Errorf("%s: %d, %s%s", m[1], code, stdout, stderr)
			}
		}
	}
	if ran < 3 {
		t.Errorf("only %d commands were found", ran)
	}
}

// What is wrong with the command line is said before anything is sent.
func TestRemoteUsage(t *testing.T) {
	hurry(t)
	const url = "https://splunk.example:8089"
	open := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(open, []byte(token), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args, want string
		code       int
	}{
		{"--search x", "one server", usage},
		{"--url " + url + " --tenant t --search x", "one server", usage},
		{"--url " + url, "needs --search", usage},
		{"--url " + url + " --search x y", "reads no files", usage},
		{"--url http://splunk.example:8089 --search x", "in the clear", usage},
		{"--url https://me:" + token + "@h --search x", "user name or password", usage},
		{"--url " + url + " --search x --token " + token, "SCHTASKHUNT_TOKEN", usage},
		{"--url " + url + " --search x --token=" + token, "SCHTASKHUNT_TOKEN", usage},
		{"--url " + url + " --search x --PASSWORD=" + token, "--password-file", usage},
		{"--url " + url + " --search x --hec_token=" + token, "--hec-token-file", usage},
		{"--url " + url + " --search x --insecure", "--ca-file", usage},
		{"--url " + url + " --search x -k", "--ca-file", usage},
		{"--url " + url + " --search x --insecure-skip-verify=true", "--ca-file", usage},
		{"--url " + url + " --search x --app ../x", "is not a name", usage},
		{"--tenant t/../u --search x", "is not a name", usage},
		{"--tenant t --search x --fetch stream", "--fetch stream needs --url", usage},
		{"--tenant t --search x --findings hec", "needs --url", usage},
		{"--url " + url + " --search x --findings ingest", "needs --tenant", usage},
		{"--url " + url + " --search x --findings hec", "--hec-url and --findings-index", usage},
		{"--url " + url + " --search x --findings hec --mode kql", "mode=hunt", usage},
		{"--url " + url + " --search x --findings hec --hec-url " + url + ` --hec-index a"b`, "is not a name", usage},
		{"--url " + url + " --search x --recent soon", "--recent", usage},
		{"--url " + url + " --search x --token-file " + open, "chmod 600", failed},
		{"--url " + url + " --search x --ca-file no/such", "no/such", failed},
	} {
		stdout, stderr, code := cli(append([]string{"remote"}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(stderr, c.want) || stdout != "" || strings.Contains(stderr, token) {
			t.Errorf("%s: exit %d, %s", c.args, code, stderr)
		}
	}
	t.Setenv(tokenVariable, "")
	if _, stderr, code := cli("remote", "--url", url, "--search", "x"); code != usage || !strings.Contains(stderr, tokenVariable) {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// The help names every flag and every variable, and none of the libraries' flags.
func TestRemoteHelp(t *testing.T) {
	stdout, stderr, code := cli("remote", "--help")
	for _, f := range remoteFlags {
		if !strings.Contains(stdout, "--"+f.Name) {
			t.Errorf("--%s is missing", f.Name)
		}
	}
	for _, word := range []string{tokenVariable, passwordVariable, hecVariable} {
		if !strings.Contains(stdout, word) {
			t.Errorf("%s is missing", word)
		}
	}
	if code != done || stderr != "" || strings.Contains(stdout, "logtostderr") || strings.Contains(stdout, "vmodule") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	for _, line := range strings.Split(stdout, "\n") {
		if len(line) > 100 {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
}
