//go:build !noremote

package cli

import (
	"bufio"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

const kustoNow = "2026-11-20T23:59:00Z"

const workspaceID = "11111111-2222-3333-4444-555555555555"

// defenderFleet is a small generated fleet as the rows of Defender's tables, and its files. What
// goes wrong on the way, which most tests are about, is the same with few rows.
func defenderFleet(t *testing.T) (tables map[string][]map[string]any, files []string) {
	t.Helper()
	return defenderFleetOf(t, 2, 1)
}

func defenderFleetOf(t *testing.T, devices, days int) (tables map[string][]map[string]any, files []string) {
	t.Helper()
	dir := t.TempDir()
	if _, stderr, code := cli("sample", "--devices", strconv.Itoa(devices), "--days", strconv.Itoa(days), "--seed", "5", "--format", "defender", dir); code != done {
		t.Fatal(stderr)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	tables = map[string][]map[string]any{}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var e struct {
				Category   string
				Properties map[string]any
			}
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				t.Fatal(err)
			}
			e.Properties["TimeGenerated"] = e.Properties["Timestamp"]
			name := strings.TrimPrefix(e.Category, "AdvancedHunting-")
			tables[name] = append(tables[name], e.Properties)
		}
		_ = f.Close()
	}
	return tables, files
}

var kustoHunt = []string{"--now", kustoNow, "--recent", "all", "--lookback", "all", "--max-devices", "0", "--format", "csv"}

// askKusto hunts in one of both services.
func askKusto(k *pretended.Kusto, service string, more ...string) (stdout, stderr string, code int) {
	args := []string{"remote", "--defender"}
	if service == "sentinel" {
		args = []string{"remote", "--sentinel", workspaceID}
	}
	args = append(append(args, "--url", k.URL, "--earliest", "2026-11-17T00:00:00Z", "--latest", "2026-11-21T00:00:00Z"), kustoHunt...)
	return cli(append(args, more...)...)
}

func huntKusto(t *testing.T, files []string) string {
	t.Helper()
	want, stderr, code := cli(append(append([]string{"hunt"}, kustoHunt...), files...)...)
	if code != done || strings.Count(want, "\n") < 50 {
		t.Fatalf("hunt: %d, %s", code, stderr)
	}
	return want
}

// copies are the rows of a test's own, as no test may change another's.
func copies(tables map[string][]map[string]any) map[string][]map[string]any {
	return maps.Clone(tables)
}

// The rows are those of hunt on the same events, whatever the answers' limit: slices are
// disjoint, so that nothing is lost and nothing comes twice.
func TestKustoIsHunt(t *testing.T) {
	hurry(t)
	tables, files := defenderFleetOf(t, 8, 2)
	limits := []int{0, 40, 700}
	if testing.Short() {
		tables, files = defenderFleet(t)
		limits = []int{0, 40, 200}
	}
	want := huntKusto(t, files)
	for _, service := range []string{"defender", "sentinel"} {
		for _, most := range limits {
			k := pretended.NewKusto(t, &pretended.Kusto{Tables: copies(tables), Token: token, Most: most})
			defer limited(most)()
			got, stderr, code := askKusto(k, service)
			if code != done || got != want {
				t.Fatalf("%s, at most %d rows: %d, the rows differ (%d and %d bytes)\n%s", service, most, code, len(got), len(want), stderr)
			}
			if most > 0 && !regexp.MustCompile(`splits=[1-9]`).MatchString(stderr) {
				t.Errorf("%s: nothing was cut at %d rows: %s", service, most, stderr)
			}
			if strings.Contains(stderr, "missing=") && !strings.Contains(stderr, "missing=0") {
				t.Errorf("%s: %s", service, stderr)
			}
		}
	}
}

// limited tells the client of a stand-in's limit until the returned function is called.
func limited(most int) func() {
	before := mostRows
	if most > 0 {
		mostRows = most
	}
	return func() { mostRows = before }
}

// kustoFaults are what servers and networks do, each to so many requests after so many. After
// them the rows are the same; what ends a run is in TestKustoEnds.
var kustoFaults = map[string]struct {
	fault        pretended.Fault
	times, after int64
}{
	"429":                {pretended.Status(http.StatusTooManyRequests, `{"error":{"code":"TooManyRequests"}}`, "Retry-After", "0"), 2, 2},
	"429 with a date":    {pretended.Status(http.StatusTooManyRequests, "", "Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"), 2, 1},
	"503":                {pretended.Status(http.StatusServiceUnavailable, "busy"), 3, 0},
	"500":                {pretended.Status(http.StatusInternalServerError, `{"error":{"code":"InternalServerError","message":"oops"}}`), 2, 1},
	"502 page":           {pretended.Status(http.StatusBadGateway, "<html>bad gateway</html>"), 2, 3},
	"dropped":            {pretended.Drop(), 2, 1},
	"dropped afterwards": {pretended.DropAfter(), 2, 2},
	"cut":                {pretended.Cut(50), 2, 1},
	"cut in silence":     {pretended.CutQuietly(70), 2, 2},
	"nothing":            {pretended.CutQuietly(0), 1, 2},
	"half a JSON":        {pretended.Rewrite(func(b []byte) []byte { return b[:len(b)*2/3] }), 2, 2},
	"timed out":          {pretended.Status(http.StatusBadRequest, `{"error":{"code":"BadRequest","message":"Query execution has exceeded the allowed limits: timeout"}}`), 2, 2},
	"504":                {pretended.Status(http.StatusGatewayTimeout, ""), 7, 1},
	"too large":          {pretended.Status(http.StatusBadRequest, `{"error":{"code":"BadArgumentError","innererror":{"code":"E_QUERY_RESULT_SET_TOO_LARGE","message":"x"}}}`), 3, 1},
	"partial":            {pretended.PartialError(), 3, 1},
}

// Whatever happens on the way, nothing is lost, nothing comes twice, and no secret is said.
func TestKustoFaults(t *testing.T) {
	hurry(t)
	tables, files := defenderFleet(t)
	want := huntKusto(t, files)
	for _, service := range []string{"defender", "sentinel"} {
		for _, name := range slices.Sorted(maps.Keys(kustoFaults)) {
			if name == "partial" && service == "defender" {
				continue // Graph has no such answer
			}
			k := pretended.NewKusto(t, &pretended.Kusto{Tables: copies(tables), Token: token})
			f := kustoFaults[name]
			k.Fail(f.fault.Times(f.times).After(f.after))
			got, stderr, code := askKusto(k, service)
			if code != done || got != want {
				t.Errorf("%s, %s: %d, the rows differ (%d and %d bytes)\n%s", service, name, code, len(got), len(want), stderr)
			}
			if strings.Contains(got+stderr, token) {
				t.Errorf("%s, %s: the token is said", service, name)
			}
		}
	}
}

// What cannot be helped ends the run with what to do, and without the token that the server
// repeats.
func TestKustoEnds(t *testing.T) {
	hurry(t)
	tables, _ := defenderFleet(t)
	for name, c := range map[string]struct {
		fault pretended.Fault
		says  string
	}{
		"another token": {nil, "has expired"},
		"forbidden":     {pretended.Status(http.StatusForbidden, `{"error":{"code":"Forbidden","message":"no role"}}`), "needs the"},
		"a login page":  {pretended.Status(http.StatusOK, "<!DOCTYPE html><html>sign in</html>"), "web page"},
		"a redirect":    {pretended.Status(http.StatusFound, "", "Location", "https://elsewhere.example/"), "redirects"},
		"always busy":   {pretended.Status(http.StatusTooManyRequests, ""), "busy"},
		"broken query":  {pretended.Status(http.StatusBadRequest, `{"error":{"code":"SyntaxError","message":"no such operator"}}`), "no such operator"},
		"no JSON":       {pretended.Status(http.StatusOK, "ok"), "no whole JSON"},
	} {
		for _, service := range []string{"defender", "sentinel"} {
			k := pretended.NewKusto(t, &pretended.Kusto{Tables: copies(tables), Token: "another " + token})
			if c.fault != nil {
				k.Token = token
				k.Fail(c.fault)
			}
			got, stderr, code := askKusto(k, service)
			if code != failed || got != "" || !strings.Contains(stderr, c.says) {
				t.Errorf("%s, %s: %d %q\n%s", service, name, code, got, stderr)
			}
			if strings.Contains(stderr, token) {
				t.Errorf("%s, %s: the token is said: %s", service, name, stderr)
			}
		}
	}
}

// Where the smallest slice has more rows than an answer, that rows are missing is said.
func TestKustoSaysWhatIsMissing(t *testing.T) {
	hurry(t)
	tables, _ := defenderFleet(t)
	rows := tables["DeviceProcessEvents"]
	crowd := make([]map[string]any, 0, 30)
	for range 30 {
		crowd = append(crowd, rows[0])
	}
	k := pretended.NewKusto(t, &pretended.Kusto{Tables: map[string][]map[string]any{"DeviceProcessEvents": crowd}, Token: token, Most: 20})
	defer limited(20)()
	if _, stderr, _ := askKusto(k, "defender"); !strings.Contains(stderr, "rows of 2026-") || !strings.Contains(stderr, "are missing") || !strings.Contains(stderr, "no table DeviceNetworkEvents") {
		t.Error(stderr)
	}
}

// Times count back from the server's clock, and that this machine's is wrong is said.
func TestKustoClock(t *testing.T) {
	hurry(t)
	tables, _ := defenderFleet(t)
	k := pretended.NewKusto(t, &pretended.Kusto{Tables: copies(tables), Token: token, Clock: 26 * time.Hour})
	_, stderr, _ := cli("remote", "--defender", "--url", k.URL, "--earliest", "-1h", "--format", "csv")
	if !strings.Contains(stderr, "clock is 26h") {
		t.Error(stderr)
	}
	last := k.Queries[len(k.Queries)-1]
	want := time.Now().Add(25 * time.Hour).UTC().Format("2006-01-02T15")
	if !strings.Contains(last, want) {
		t.Errorf("the query is not of %s: %s", want, last)
	}
}

// What would be asked is shown without anything being asked or needed.
func TestShowQuery(t *testing.T) {
	for _, args := range [][]string{{"--defender"}, {"--sentinel", workspaceID}} {
		out, stderr, code := cli(append([]string{"remote", "--show-query", "--earliest", "2026-11-17T00:00:00Z", "--latest", "2026-11-18T00:00:00Z"}, args...)...)
		if code != done || stderr != "" || !strings.Contains(out, "DeviceProcessEvents\n| where ") || !strings.Contains(out, "2026-11-17T00:00:00.0000000Z") || !strings.Contains(out, "| project ") {
			t.Errorf("%v: %d %s%s", args, code, out, stderr)
		}
	}
	for _, args := range [][]string{{"--sentinel", "x"}, {"--sentinel", workspaceID, "--defender"}, {"--defender", "--earliest", "yesterday"}, {"--defender", "--username", "x"},
		{"--defender", "--findings", "hec"}, {"--defender", "--credential", "x"}, {"--show-query"}, {"--defender", "--latest", "-2d", "--earliest", "-1x"}} {
		if _, stderr, code := cli(append([]string{"remote"}, args...)...); code != usage || stderr == "" {
			t.Errorf("%v: %d %s", args, code, stderr)
		}
	}
}

// authority is Microsoft's, which gives tokens that expire and others when asked again.
type authority struct {
	tokens atomic.Int64
	secret string
	seen   atomic.Bool
}

func (a *authority) Do(r *http.Request) (*http.Response, error) {
	answer := `{"token_endpoint":"https://login.microsoftonline.com/tenant/oauth2/v2.0/token","authorization_endpoint":"https://login.microsoftonline.com/tenant/a","issuer":"https://login.microsoftonline.com/tenant/v2.0","tenant_discovery_endpoint":"https://login.microsoftonline.com/tenant/.well-known/openid-configuration","metadata":[]}`
	if r.Method == http.MethodPost {
		body, _ := io.ReadAll(r.Body)
		a.seen.Store(a.seen.Load() || strings.Contains(string(body), a.secret))
		n := a.tokens.Add(1)
		answer = `{"token_type":"Bearer","expires_in":3600,"access_token":"` + tokenNumber(n) + `"}`
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

func tokenNumber(n int64) string { return "token-of-the-library-" + string(rune('a'+n)) }

// Credentials of the environment become tokens by Microsoft's library; one that the service
// refuses is renewed, and neither tokens nor the secret are said.
func TestKustoCredentials(t *testing.T) {
	hurry(t)
	t.Setenv(tokenVariable, "")
	t.Setenv("AZURE_TENANT_ID", "tenant")
	t.Setenv("AZURE_CLIENT_ID", "client")
	t.Setenv("AZURE_CLIENT_SECRET", "s3cret-of-the-client")
	tables, files := defenderFleet(t)
	want := huntKusto(t, files)
	a := &authority{secret: "s3cret-of-the-client"}
	azureClient = a
	t.Cleanup(func() { azureClient = nil })
	k := pretended.NewKusto(t, &pretended.Kusto{Tables: copies(tables)})
	var asked atomic.Int64
	k.Fail(func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) bool {
		good := tokenNumber(1)
		if asked.Add(1) > 3 { // it expires
			good = tokenNumber(2)
		}
		if r.Header.Get("Authorization") == "Bearer "+good {
			return false
		}
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte("expired: " + r.Header.Get("Authorization")))
		return true
	})
	got, stderr, code := askKusto(k, "defender", "--credential", "environment")
	if code != done || got != want || a.tokens.Load() != 2 || !a.seen.Load() {
		t.Errorf("%d, %d tokens, the secret was sent %v\n%s", code, a.tokens.Load(), a.seen.Load(), stderr)
	}
	for _, secret := range []string{"token-of-the-library", "s3cret-of"} {
		if strings.Contains(got+stderr, secret) {
			t.Errorf("%s is said: %s", secret, stderr)
		}
	}
	t.Setenv("AZURE_CLIENT_SECRET", "")
	if _, stderr, code := askKusto(k, "defender", "--credential", "environment"); code != failed || !strings.Contains(stderr, "AZURE_") {
		t.Errorf("without credentials: %d %s", code, stderr)
	}
}
