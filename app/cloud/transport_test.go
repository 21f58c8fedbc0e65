package cloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// What cannot be helped is said at once, with what to do about it.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		fault    pretended.Fault
		want     []string
		requests int // at most
	}{
		"401":             {pretended.Status(401, `{"messages":[{"type":"WARN","text":"call not properly authenticated"}]}`), []string{"401", "call not properly authenticated", "expired"}, 1},
		"403":             {pretended.Status(403, `{"messages":[{"type":"ERROR","text":"no capability"}]}`), []string{"403", "no capability", "role"}, 1},
		"400":             {pretended.Status(400, `{"messages":[{"type":"FATAL","text":"Unbalanced quotes."}]}`), []string{"400", "Unbalanced quotes."}, 1},
		"404 of a proxy":  {pretended.Status(404, "<html>\n<h1>not  found</h1>"), []string{"<h1>not found</h1>", "host, port"}, 2},
		"503 for ever":    {busy, []string{"503", "too many searches", "stayed busy"}, 6},
		"429 for ever":    {pretended.Status(429, "", "Retry-After", "x"), []string{"429", "stayed busy"}, 6},
		"drop for ever":   {pretended.Drop(), []string{"EOF", "may have done"}, 13},
		"silent for ever": {pretended.Hang().Matching("POST", "/jobs"), []string{"sent nothing for"}, 13},
		"redirect":        {pretended.Status(302, "", "Location", "https://evil.example/"), []string{"redirects to", "not sent after a redirect"}, 1},
		"redirect within": {pretended.Status(307, "", "Location", "/en-US/services"), []string{"redirects to"}, 1},
		"echo": {func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) bool {
			return pretended.Status(418, strings.Repeat("long ", 1000))(w, r, nil)
		}, []string{"418", "..."}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Splunkd{Events: events(3)}
			client := splunkd(t, server)
			client.transport.Policy.Silence = time.Minute // however busy this machine is
			if strings.HasPrefix(name, "silent") {
				client.transport.Policy.Silence = 20 * time.Millisecond
			}
			server.Fail(c.fault)
			_, _, err := run(t, client, 10)
			mustFail(t, err, c.want...)
			if n := server.Requests("POST", "/jobs"); n > c.requests {
				t.Errorf("%d requests, want at most %d", n, c.requests)
			}
		})
	}
}

// A redirect to another machine takes nothing there.
func TestSecretsAreNotRedirected(t *testing.T) {
	var visits atomic.Int32
	elsewhere := &pretended.Splunkd{}
	pretended.StartSplunkd(t, elsewhere, false)
	elsewhere.Fail(func(http.ResponseWriter, *http.Request, http.HandlerFunc) bool { visits.Add(1); return false })
	for _, code := range []int{301, 302, 303, 307, 308} {
		server := &pretended.Splunkd{Events: events(3)}
		client := splunkd(t, server)
		server.Fail(pretended.Status(code, "", "Location", elsewhere.URL+"/services/search/v2/jobs"))
		_, _, err := run(t, client, 10)
		mustFail(t, err, elsewhere.URL)
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("%d requests went to where the server pointed", n)
	}
}

// Certificates are verified, against the system's authorities or the given ones.
func TestCertificates(t *testing.T) {
	server := &pretended.Splunkd{Token: testToken, Events: events(3)}
	caFile := pretended.StartSplunkd(t, server, true)
	client := func(caFile, address string) *Splunkd {
		base, err := NewBase(caFile)
		if err != nil {
			t.Fatal(err)
		}
		return NewSplunkd(at(t, address), "", &Transport{Base: base, Auth: Token{Secret: NewSecret(testToken)}, Policy: hasty})
	}
	_, _, err := run(t, client("", server.URL), 10)
	mustFail(t, Explain(err), "certificate", "--ca-file")
	if server.Requests("", "") != 0 {
		t.Error("a request was sent to a server that could not be verified")
	}
	got, _, err := run(t, client(caFile, server.URL), 10)
	if err != nil {
		t.Fatal(err)
	}
	got.check(t, server.Events)
	// The certificate is for 127.0.0.1 and example.com, not for localhost.
	_, _, err = run(t, client(caFile, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)), 10)
	mustFail(t, Explain(err), "certificate", "localhost")
}

// A server without TLS where TLS is expected is named as such.
func TestNoTLS(t *testing.T) {
	server := &pretended.Splunkd{}
	splunkd(t, server)
	client := NewSplunkd(at(t, strings.Replace(server.URL, "http:", "https:", 1)), "", transport(nil))
	_, _, err := run(t, client, 10)
	mustFail(t, Explain(err), "8089")
}

func TestCAFileErrors(t *testing.T) {
	_, err := NewBase("no/such.pem")
	mustFail(t, err, "no/such.pem")
	_, err = NewBase("transport_test.go")
	mustFail(t, err, "no certificate in PEM form")
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"https://splunk.example:8089": "", "https://[2001:db8::1]:8089/": "", "http://127.0.0.1:8089": "", "http://localhost:1": "", "http://[::1]:1": "", "http://127.9.9.9": "",
		"http://splunk.example:8089": "in the clear", "http://10.0.0.1": "in the clear", "http://localhost.evil.example": "in the clear",
		"https://user:hunter2@splunk.example": "user name or password", "splunk.example:8089": "the address", "ftp://x": "https://", "": "the address",
		"https://h/services": "more than", "https://h?x=1": "more than", "https://h#x": "more than", "https://": "the address", "https://h:port": "the address", "file:///etc/passwd": "the address",
	} {
		u, err := ParseAddress(text)
		switch {
		case want == "" && (err != nil || u.Host == ""):
			t.Errorf("%s: %v", text, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2")):
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// A session that ends in the middle is opened again, once for each refusal.
func TestLogin(t *testing.T) {
	const password = "pass word/+&=ü"
	server := &pretended.Splunkd{User: "hunter", Password: password, Events: events(50)}
	client := splunkd(t, server)
	server.Token = ""
	login := &Login{Address: at(t, server.URL), User: "hunter", Password: NewSecret(password), Transport: transport(nil)}
	client.transport = transport(login)
	server.Fail(func(http.ResponseWriter, *http.Request, http.HandlerFunc) bool {
		if server.Requests("GET", "/results") == 2 {
			server.EndSessions()
		}
		return false
	})
	got, _, err := run(t, client, 10)
	if err != nil {
		t.Fatal(err)
	}
	got.check(t, server.Events)
	if n := server.Requests("POST", "/services/auth/login"); n < 2 {
		t.Errorf("logged in %d times", n)
	}
	wrong := &Login{Address: at(t, server.URL), User: "hunter", Password: NewSecret("not the password"), Transport: transport(nil)}
	client.transport = transport(wrong)
	before := server.Requests("POST", "/services/auth/login")
	_, _, err = run(t, client, 10)
	if !errors.Is(err, ErrCredentials) {
		t.Errorf("%v", err)
	}
	if n := server.Requests("POST", "/services/auth/login") - before; n != 1 {
		t.Errorf("a wrong password was tried %d times, which locks accounts", n)
	}
	mustFail(t, err, "logging in as hunter", hidden)
	if strings.Contains(err.Error(), "not the password") {
		t.Errorf("the password is in %q", err)
	}
}

// The wait that a server asks for is kept up to a limit, and is never less than asked.
func TestWaits(t *testing.T) {
	p := Policy{Attempts: 10, Base: time.Second, Most: time.Minute}
	for after, limits := range map[string][2]time.Duration{
		"7": {7 * time.Second, 8 * time.Second}, "3600": {time.Minute, time.Minute}, "0": {0, time.Second}, "": {time.Second, 2 * time.Second}, "-1": {time.Second, 2 * time.Second},
		"99999999999999999999": {time.Second, 2 * time.Second}, "Mon, 02 Jan 2006 15:04:05 GMT": {0, time.Second}, "Mon, 02 Jan 2996 15:04:05 GMT": {time.Minute, time.Minute},
	} {
		response := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {after}}}
		wait, again := p.again(2, response, nil, false)
		if !again || wait < limits[0] || wait > limits[1] {
			t.Errorf("Retry-After %q: %s, want %s", after, wait, limits)
		}
	}
	for attempt, most := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 9: time.Minute} {
		for range 20 {
			if wait := p.backOff(attempt); wait < most/2 || wait > most {
				t.Errorf("attempt %d waits %s", attempt, wait)
			}
		}
	}
}

// What has an effect is not sent twice unless nothing was sent, or it was refused.
func TestPostsAreNotRepeatedBlindly(t *testing.T) {
	for name, c := range map[string]struct {
		fault pretended.Fault
		tries int
	}{"dropped": {pretended.Drop(), 1}, "500": {pretended.Status(500, ""), 1}, "503": {busy, 6}, "429": {pretended.Status(429, ""), 6}} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Splunkd{}
			client := splunkd(t, server)
			server.Fail(c.fault)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/x", io.MultiReader(strings.NewReader("body")))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.transport.RoundTrip(req)
			drop(resp)
			if unsure := (*UnsureError)(nil); name == "dropped" && !errors.As(err, &unsure) {
				t.Errorf("%v", err)
			}
			if n := server.Requests("POST", "/x"); n != c.tries {
				t.Errorf("%d requests, want %d", n, c.tries)
			}
		})
	}
}

// Where no connection comes about, nothing can have arrived.
func TestConnectionRefused(t *testing.T) {
	server := &pretended.Splunkd{}
	client := splunkd(t, server)
	client.address = at(t, "http://127.0.0.1:1")
	_, err := client.call(context.Background(), http.MethodPost, "x", nil, "testing")
	mustFail(t, err, "testing", "refused")
	if unsure := (*UnsureError)(nil); errors.As(err, &unsure) {
		t.Errorf("%v", err)
	}
}
