package cloud

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// ErrCredentials is what a refused login wraps.
var ErrCredentials = errors.New("the credentials were refused")

// StatusError is an answer that says no.
type StatusError struct {
	Code int    // of HTTP
	Text string // the server's own words, "" if it had none
	What string // what was asked for

	hints string // in place of those for splunkd; noHint for none
}

// noHint says that there is nothing to say about what to do.
const noHint = " "

func (e *StatusError) Error() string {
	text := fmt.Sprintf("%s: the server answers %d %s", e.What, e.Code, http.StatusText(e.Code))
	if e.Text != "" {
		text += ": " + e.Text
	}
	return text + e.hint()
}

// hint says what to do about it.
func (e *StatusError) hint() string {
	if e.hints != "" {
		return strings.TrimSuffix(e.hints, noHint)
	}
	switch e.Code {
	case http.StatusUnauthorized:
		return "; the token or session is not valid here, or has expired"
	case http.StatusForbidden:
		return "; the user's role lacks a capability or an index for this"
	case http.StatusNotFound:
		return "; is this the right host, port and name?"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return "; it stayed busy through all attempts: try later, or end other searches"
	}
	return ""
}

// longestText is how much of a server's words is shown.
const longestText = 400

// check returns a StatusError for an answer that is none of success.
func check(resp *http.Response, what string) error {
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	return &StatusError{Code: resp.StatusCode, Text: wordsOf(body), What: what}
}

// wordsOf finds the sentence in an error's body: splunkd's messages, the text of the
// HTTP Event Collector, the message of Cloud Services; of anything else its beginning.
func wordsOf(body []byte) string {
	var said struct {
		Messages []struct{ Type, Text string }
		Text     string
		Message  string
	}
	var words []string
	if json.Unmarshal(body, &said) == nil {
		for _, m := range said.Messages {
			words = append(words, m.Text)
		}
		words = append(words, said.Text, said.Message)
	} else {
		words = []string{strings.Join(strings.Fields(string(body)), " ")}
	}
	text := strings.TrimSpace(strings.Join(words, " "))
	if len(text) > longestText {
		text = strings.ToValidUTF8(text[:longestText], "") + "..."
	}
	return text
}

// errWebPage is an answer that is a web page in place of what was asked for.
var errWebPage = errors.New("a web page came in place of an answer: does a proxy or a login page stand before the server?")

// isHTML reports whether an answer is a web page, as proxies and login pages are.
func isHTML(text []byte) bool {
	text = bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), " \t\r\n")
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<?xml version=\"1.0\" encoding=\"utf-8\"?><!doctype html"} {
		if len(text) >= len(tag) && strings.EqualFold(string(text[:len(tag)]), tag) {
			return true
		}
	}
	return false
}

// withoutAddress takes away the method and the address that package http puts before an
// error: what was asked for stands there already, in words.
func withoutAddress(err error) error {
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) && !wrapped.Timeout() {
		return wrapped.Err
	}
	return err
}

// Explain says in what way a connection failed and what to do, where the error itself
// does not. It keeps the error's chain.
func Explain(err error) error {
	var record tls.RecordHeaderError
	switch {
	case err == nil:
		return nil
	case isCertificate(err):
		return fmt.Errorf("%w; if its certificate is from an authority of your own, give that with --ca-file", err)
	case errors.As(err, &record):
		return fmt.Errorf("%w; this port does not speak TLS: is it the management port (8089)?", err)
	}
	return err
}
