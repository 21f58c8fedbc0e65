package cloud

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Policy says how often and when to try again, and how long to wait for a word.
type Policy struct {
	Attempts int           // in all, 1 or more
	Base     time.Duration // the first wait; each further one is twice as long
	Most     time.Duration // the longest wait, also where a server asks for more
	// Silence is how long a server may send nothing, StreamSilence the same within the
	// stream of a search.
	Silence, StreamSilence time.Duration
	// Patience is how long a request may take with all its retries; 0 for as long as
	// they take. A stream of results has it until it begins.
	Patience time.Duration
	// MinRate is how many bytes a second an answer has to have, over a span of Silence.
	MinRate int
	// MaxAnswer is the length in bytes of the longest answer that holds no results,
	// MaxPage what is taken of a page of results at once, and MaxRow the longest result.
	MaxAnswer, MaxPage int64
	MaxRow             int
	// Poll is how long to wait before a job is asked after again, at first; the waits
	// grow to ten times that.
	Poll time.Duration
	// Settle is how long findings may take from being accepted to being found.
	Settle time.Duration
	// Farewell is how long a search may take to be cancelled.
	Farewell time.Duration
}

// DefaultPolicy suits people who wait: half a minute of trouble is sat out.
var DefaultPolicy = Policy{
	Attempts: 6, Base: 500 * time.Millisecond, Most: time.Minute, Silence: 2 * time.Minute, StreamSilence: 10 * time.Minute,
	Patience: 5 * time.Minute, MinRate: 64, MaxAnswer: 2 << 20, MaxPage: 8 << 20, MaxRow: 8 << 20,
	Poll: 200 * time.Millisecond, Settle: 45 * time.Second, Farewell: 10 * time.Second,
}

// again decides after an attempt whether there is another, and how long to wait for it.
func (p Policy) again(attempt int, resp *http.Response, err error, repeatable bool) (time.Duration, bool) {
	if attempt >= p.Attempts {
		return 0, false
	}
	if err != nil {
		return p.backOff(attempt), worthRepeating(err) && (repeatable || !mayHaveArrived(err))
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		// Both say that the request was not taken up (RFC 6585, RFC 9110).
		return p.asked(resp, attempt), true
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return p.asked(resp, attempt), repeatable
	}
	return 0, false
}

// asked is the wait that the server asks for, else our own. Retry-After is in seconds
// or a date.
func (p Policy) asked(resp *http.Response, attempt int) time.Duration {
	own := p.backOff(attempt)
	text := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second+jitter(p.Base), p.Most)
	}
	if date, err := http.ParseTime(text); err == nil {
		return min(min(max(time.Until(date), 0), p.Most)+jitter(p.Base), p.Most)
	}
	return own
}

// backOff doubles with each attempt. Half of it is chance, so that many clients do not
// come back at once.
func (p Policy) backOff(attempt int) time.Duration {
	d := p.Base
	for range attempt - 1 {
		d = min(2*d, p.Most)
	}
	return d/2 + jitter(d/2)
}

func jitter(most time.Duration) time.Duration {
	if most <= 0 {
		return 0
	}
	return rand.N(most)
}

// worthRepeating reports whether trying again can help: not after the user's end of it,
// nor where the answer would be the same.
func worthRepeating(err error) bool {
	var redirect *redirectError
	var record tls.RecordHeaderError
	var dns *net.DNSError
	var patience *patienceError
	var login *loginError
	var farewell *farewellError
	switch {
	case errors.As(err, &farewell):
		return false
	case errors.Is(err, context.Canceled), errors.Is(err, errTooLong), errors.Is(err, ErrCredentials), errors.Is(err, errDrip), errors.Is(err, errWebPage):
		return false
	case errors.As(err, &patience), errors.As(err, &login): // which had its own retries
		return false
	case errors.As(err, &redirect), errors.As(err, &record), isCertificate(err):
		return false
	case errors.As(err, &dns):
		return !dns.IsNotFound
	}
	return true
}

func isCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &invalid)
}

// mayHaveArrived reports whether the server may have got the request. It has not when
// no connection was made.
func mayHaveArrived(err error) bool {
	var op *net.OpError
	var redirect *redirectError
	var login *loginError
	switch {
	case errors.As(err, &login):
		return false
	case errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"), isCertificate(err), errors.Is(err, ErrCredentials), errors.As(err, &redirect):
		return false
	}
	return true
}
