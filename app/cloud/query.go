package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// Query is a question to an API that answers it at once, in JSON. It changes nothing there, so
// that it is repeated where that may help.
type Query struct {
	Address *url.URL
	Header  http.Header
	Body    []byte
	What    string // what is asked for, for errors
	// Hint says what to do about a refusal by its status, "" for nothing.
	Hint func(status int) string
}

// Ask asks and returns the answer whole, and the server's clock, the zero Time where it does
// not tell. t's Policy says how long an answer may be. An answer that is cut off, or no JSON,
// is asked for again.
func Ask(ctx context.Context, t *Transport, q Query) (answer []byte, clock time.Time, err error) {
	for attempt := 1; ; attempt++ {
		answer, clock, err = ask(ctx, t, q)
		if !errors.Is(err, errNotWhole) || attempt >= t.Policy.Attempts {
			return answer, clock, err
		}
		if t.Tell != nil {
			t.Tell(fmt.Sprintf("%s: %v; asking again", q.Address.Host, err))
		}
		if err := sleep(ctx, t.Policy.backOff(attempt)); err != nil {
			return nil, clock, err
		}
	}
}

// errNotWhole is an answer that ends before its JSON does.
var errNotWhole = errors.New("the answer is no whole JSON")

func ask(ctx context.Context, t *Transport, q Query) (answer []byte, clock time.Time, err error) {
	req, err := http.NewRequestWithContext(repeatable(ctx), http.MethodPost, q.Address.String(), bytes.NewReader(q.Body))
	if err != nil {
		return nil, clock, err
	}
	for name, values := range q.Header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client(t).Do(req)
	if err != nil {
		return nil, clock, fmt.Errorf("%s: %w", q.What, withoutAddress(err))
	}
	defer func() { _ = resp.Body.Close() }()
	clock, _ = http.ParseTime(resp.Header.Get("Date"))
	if answer, err = io.ReadAll(resp.Body); err != nil {
		return nil, clock, fmt.Errorf("%s: reading the answer: %w", q.What, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode >= 300 {
		err := refusal(resp.StatusCode, answer, q)
		if resp.StatusCode == http.StatusBadRequest && !isJSON(answer) { // what is wrong with it was cut off
			err = fmt.Errorf("%w; %w", err, errNotWhole)
		}
		return nil, clock, err
	}
	switch {
	case isHTML(answer):
		return nil, clock, fmt.Errorf("%s: %w", q.What, errWebPage)
	case !isJSON(answer):
		return nil, clock, fmt.Errorf("%s: %w (%d bytes)", q.What, errNotWhole, len(answer))
	}
	return answer, clock, nil
}

func isJSON(text []byte) bool {
	var any json.RawMessage
	return json.Unmarshal(text, &any) == nil
}

// refusal is an answer that says no, in the words of its innermost error.
func refusal(status int, answer []byte, q Query) error {
	e := &StatusError{Code: status, What: q.What, hints: noHint}
	if q.Hint != nil {
		e.hints = q.Hint(status) + noHint
	}
	var said struct {
		Error struct {
			Code, Message string
			InnerError    struct {
				Code, Message string
				InnerError    struct{ Code, Message string }
			}
		}
	}
	if json.Unmarshal(answer, &said) != nil || said.Error.Message+said.Error.Code == "" {
		e.Text = wordsOf(answer)
		return e
	}
	var words []string
	in := said.Error.InnerError
	for _, text := range []string{said.Error.Code, said.Error.Message, in.Code, in.Message, in.InnerError.Code, in.InnerError.Message} {
		if text != "" {
			words = append(words, text)
		}
	}
	if e.Text = strings.Join(words, ": "); len(e.Text) > longestText {
		e.Text = strings.ToValidUTF8(e.Text[:longestText], "") + "..."
	}
	return e
}

// IsTooLong reports whether an answer was longer than is taken.
func IsTooLong(err error) bool { return errors.Is(err, errTooLong) }
