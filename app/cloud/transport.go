package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Authorizer gives the value of the Authorization header. again is set when the
// server has refused the last one; an error says that there is no other.
type Authorizer interface {
	Authorization(ctx context.Context, again bool) (Secret, error)
}

// Transport is the one way to a server, for our own requests and those of Splunk's
// SDK. It adds the secret, tries again what can be tried again, reads answers whole
// before anyone sees them (unless a request asks for a stream), follows no redirect,
// and ends what stays silent. It is safe for concurrent use.
type Transport struct {
	// Base sends the requests.
	Base http.RoundTripper
	// Auth gives their Authorization; nil gives none.
	Auth Authorizer
	// Policy says when to try again.
	Policy Policy
	// Tell is told of each attempt that failed and is repeated; nil tells nobody.
	Tell func(text string)
}

// redirectError ends a redirect: a redirected request would carry the secret to where nobody
// said it should go.
type redirectError struct{ from, to string }

func (e *redirectError) Error() string {
	return fmt.Sprintf("%s redirects to %q: secrets are not sent after a redirect; give the right address itself", e.from, e.to)
}

// hostOf is the host that an answer redirects to. The rest of the address may hold what
// is not to be shown.
func hostOf(resp *http.Response) string {
	to, err := resp.Location()
	if err != nil {
		return "an unreadable address"
	}
	return to.Scheme + "://" + to.Host
}

// UnsureError is a request that may or may not have had its effect: it was sent, and no
// answer came.
type UnsureError struct{ err error }

func (e *UnsureError) Error() string {
	return e.err.Error() + " (the server may have done what was asked)"
}

// Unwrap returns what happened.
func (e *UnsureError) Unwrap() error { return e.err }

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	how := kindOf(req)
	if !how.stream && !how.page {
		ctx, cancel := t.Policy.within(req.Context())
		defer cancel()
		req = req.WithContext(ctx)
	}
	resp, err := t.insist(req, body, how)
	if err == nil && resp.StatusCode == http.StatusUnauthorized && t.renew(req.Context()) {
		drop(resp)
		resp, err = t.insist(req, body, how)
	}
	if err != nil && !how.repeatable && mayHaveArrived(err) {
		return nil, &UnsureError{err}
	}
	return resp, err
}

// insist sends the request until it is answered for good, or its time is over.
func (t *Transport) insist(req *http.Request, body []byte, how kind) (*http.Response, error) {
	begun, last := time.Now(), ""
	for attempt := 1; ; attempt++ {
		resp, err := t.attempt(req, body, how)
		wait, again := t.Policy.again(attempt, resp, err, how.repeatable)
		if !again || runsOut(req.Context(), wait) || how.stream && t.tired(begun, wait) {
			return resp, afterwards(err, last)
		}
		last = outcome(resp, err)
		drop(resp)
		if t.Tell != nil {
			t.Tell(fmt.Sprintf("%s: %s; trying again in %s", req.URL.Host, last, wait.Round(time.Second)))
		}
		if err := sleep(req.Context(), wait); err != nil {
			return nil, err
		}
	}
}

// tired reports whether a stream that does not begin has had its time.
func (t *Transport) tired(begun time.Time, wait time.Duration) bool {
	return t.Policy.Patience > 0 && time.Since(begun)+wait > t.Policy.Patience
}

// outcome is an attempt in a few words.
func outcome(resp *http.Response, err error) string {
	if err != nil {
		return err.Error()
	}
	return strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode)
}

// afterwards adds to the end of patience what it was tried with.
func afterwards(err error, last string) error {
	var patience *patienceError
	if errors.As(err, &patience) && patience.last == "" {
		return &patienceError{patience.limit, last}
	}
	return err
}

// renew gets another secret. What goes wrong with that is not said: the refusal of the
// first one is the better answer.
func (t *Transport) renew(ctx context.Context) bool {
	if t.Auth == nil {
		return false
	}
	_, err := t.Auth.Authorization(ctx, true)
	return err == nil
}

// attempt sends the request once. The answer has come whole, unless it is a stream.
func (t *Transport) attempt(req *http.Request, body []byte, how kind) (*http.Response, error) {
	value, err := t.authorization(req.Context()) // a login has a watch of its own
	if err != nil {
		return nil, err
	}
	watch := newWatch(req.Context(), how, t.Policy)
	sent := req.Clone(watch.ctx)
	if body != nil {
		sent.Body, sent.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	secret := authorize(sent, value)
	resp, err := t.Base.RoundTrip(sent)
	if err != nil {
		watch.end()
		return nil, watch.why(err)
	}
	resp.Body = &watched{resp.Body, watch}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		drop(resp)
		return nil, &redirectError{req.URL.Host, hostOf(resp)}
	}
	if (how.stream || how.page) && resp.StatusCode < 300 {
		return resp, nil
	}
	return whole(resp, how.longest(t.Policy), secret)
}

// authorization is what the server is to believe us by; the zero Secret for nothing.
func (t *Transport) authorization(ctx context.Context) (Secret, error) {
	if t.Auth == nil {
		return Secret{}, nil
	}
	return t.Auth.Authorization(ctx, false)
}

// authorize sets the request's Authorization, and returns what of it is secret.
func authorize(req *http.Request, value Secret) Secret {
	if value.IsZero() {
		return value
	}
	req.Header.Set("Authorization", value.Reveal())
	_, secret, _ := strings.Cut(value.Reveal(), " ")
	return NewSecret(secret)
}

// takeBody reads the request's body, so that it can be sent again.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	_ = req.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("reading the request's body: %w", err)
	}
	return body, nil
}

// longestRefusal is what is read of a refusal, in bytes: its sentence is at its begin.
const longestRefusal = 64 << 10

// whole reads the answer, so that one cut off is an error here, where it can be asked
// for again. Refusals are rid of the secret, which some servers repeat in them.
func whole(resp *http.Response, most int64, secret Secret) (*http.Response, error) {
	if resp.StatusCode >= 400 {
		most = longestRefusal
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	_ = resp.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("reading the answer of %s: %w", resp.Request.URL.Host, err)
	}
	if resp.StatusCode >= 400 {
		text = []byte(Redact(string(text[:min(int64(len(text)), most)]), secret))
		resp.ContentLength = int64(len(text))
	}
	if int64(len(text)) > most && resp.StatusCode < 400 {
		return nil, fmt.Errorf("%w: %s sent more than %d bytes, where hundreds are usual: is this the right host and port?", errTooLong, resp.Request.URL.Host, most)
	}
	resp.Body = io.NopCloser(bytes.NewReader(text))
	return resp, nil
}

var errTooLong = errors.New("the answer is too long")

// dropBytes is how much of an unwanted answer is read, to keep its connection.
const dropBytes = 64 << 10

func drop(resp *http.Response) {
	if resp != nil {
		_, _ = io.CopyN(io.Discard, resp.Body, dropBytes)
		_ = resp.Body.Close()
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
