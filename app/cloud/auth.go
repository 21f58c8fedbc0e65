package cloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// Token is an Authorizer with a token that does not change. The zero Scheme is Bearer;
// the HTTP Event Collector wants Splunk.
type Token struct {
	Scheme string
	Secret Secret
}

var errNoOther = errors.New("there is no other token")

// Authorization implements Authorizer.
func (t Token) Authorization(_ context.Context, again bool) (Secret, error) {
	if again {
		return Secret{}, errNoOther
	}
	scheme := t.Scheme
	if scheme == "" {
		scheme = "Bearer"
	}
	return NewSecret(scheme + " " + t.Secret.Reveal()), nil
}

// Login is an Authorizer with a session of splunkd, which it opens with a user's name and
// password when it is first needed, and again when splunkd has ended it.
type Login struct {
	Address  *url.URL
	User     string
	Password Secret
	// Transport sends the login; it has no Auth of its own.
	Transport *Transport

	mu      sync.Mutex
	session Secret
	refused error
}

// Authorization implements Authorizer.
func (l *Login) Authorization(ctx context.Context, again bool) (Secret, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.session.IsZero() && !again {
		return l.session, nil
	}
	if l.refused != nil { // what is refused once is not tried again: that locks accounts
		return Secret{}, l.refused
	}
	key, err := l.open(ctx)
	if errors.Is(err, ErrCredentials) {
		l.refused = err
	}
	if err != nil {
		return Secret{}, err
	}
	l.session = NewSecret("Splunk " + key.Reveal())
	return l.session, nil
}

// Session returns the session's key, absent before the first request, for Redact.
func (l *Login) Session() Secret {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, key, _ := strings.Cut(l.session.Reveal(), " ")
	return NewSecret(key)
}

func (l *Login) open(ctx context.Context) (Secret, error) {
	form := url.Values{"username": {l.User}, "password": {l.Password.Reveal()}, "output_mode": {"json"}}
	req, err := http.NewRequestWithContext(repeatable(ctx), http.MethodPost, l.Address.JoinPath("services/auth/login").String(), strings.NewReader(form.Encode()))
	if err != nil {
		return Secret{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client(l.Transport).Do(req)
	if err != nil {
		return Secret{}, &loginError{l.User, withoutAddress(err)}
	}
	defer func() { _ = resp.Body.Close() }()
	if err := l.check(resp); err != nil {
		return Secret{}, err
	}
	var reply struct {
		SessionKey string `json:"sessionKey"`
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return Secret{}, err
	}
	if err := json.Unmarshal(text, &reply); err != nil || reply.SessionKey == "" {
		return Secret{}, &loginError{l.User, fmt.Errorf("the answer holds no session key (%s)", glimpse(text))}
	}
	return checkSecret("the session key", reply.SessionKey)
}

// check tells a password that is wrong from a server in trouble.
func (l *Login) check(resp *http.Response) error {
	err := check(resp, "logging in as "+l.User)
	switch {
	case err == nil:
		return nil
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusNotFound || resp.StatusCode >= http.StatusInternalServerError:
		return &loginError{l.User, errors.New(Redact(err.Error(), l.Password))}
	}
	if status := (*StatusError)(nil); errors.As(err, &status) {
		status.hints = "; is it the right user name and password, and may the user log in here?"
	}
	return fmt.Errorf("%w: %s", ErrCredentials, Redact(err.Error(), l.Password))
}

// loginError is a login that came to nothing, for other reasons than the password. What
// it was needed for has not been sent.
type loginError struct {
	user string
	err  error
}

func (e *loginError) Error() string { return "no session for " + e.user + ": " + e.err.Error() }
func (e *loginError) Unwrap() error { return e.err }
