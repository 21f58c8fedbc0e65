package cloud

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// PartialError is a batch of which an event was refused. Those before it may have been
// taken, those behind it were not looked at ("Format events for HTTP Event Collector").
type PartialError struct {
	At  int  // which event, from 0 on
	Own bool // for what the event is, so that the others may be taken
	err error
}

func (e *PartialError) Error() string { return fmt.Sprintf("event %d of the batch: %v", e.At, e.err) }

// Unwrap returns the refusal.
func (e *PartialError) Unwrap() error { return e.err }

// Codes of the collector ("Troubleshoot HTTP Event Collector", possible error codes).
const (
	hecSuccess   = 0
	hecDisabled  = 1
	hecNoToken   = 2
	hecNoAuth    = 3
	hecBadToken  = 4
	hecBadIndex  = 7
	hecBusy      = 9
	hecNoChannel = 10
	hecBadChan   = 11
)

// eventsFault are the codes that are about one event: no data, its format, a field event
// that is missing or blank, indexed fields. Others, such as that of a wrong index, would
// meet each event alike.
var eventsFault = map[int]bool{5: true, 6: true, 12: true, 13: true, 15: true}

// hecReply is what the collector answers.
type hecReply struct {
	Text    string `json:"text"`
	Code    *int   `json:"code"`
	Invalid *int   `json:"invalid-event-number"`
}

// hecHints say what to do about an answer of the collector.
var hecHints = map[int]string{
	hecDisabled:  "; the collector's token is disabled: enable it, or give another with --hec-token-file",
	hecNoToken:   "; the collector wants a token",
	hecNoAuth:    "; the collector does not take this form of token",
	hecBadToken:  "; the collector does not know this token: is it the one of this host?",
	hecBadIndex:  "; the collector's token may not write to that index, or there is none of that name",
	hecBusy:      "; the collector's queues stayed full through all attempts: try later",
	hecNoChannel: "; indexer acknowledgement is on for the collector's token: turn it off, or take another token",
	hecBadChan:   "; indexer acknowledgement is on for the collector's token: turn it off, or take another token",
}

// judgeHEC reads the collector's answer to a batch of n events. Its status alone is not
// believed: what stands between it and us answers 200 as well.
func judgeHEC(resp *http.Response, n int, what string) error {
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return &UnsureError{err}
	}
	var said hecReply
	isJSON := json.Unmarshal(text, &said) == nil
	refused := &StatusError{Code: resp.StatusCode, Text: wordsOf(text), What: what, hints: hecHint(resp.StatusCode, said)}
	switch good := resp.StatusCode >= 200 && resp.StatusCode < 300; {
	case good && isJSON && said.Code != nil && *said.Code == hecSuccess:
		return nil
	case good && isJSON && said.Code != nil:
		return fmt.Errorf("%s: the collector answers 200, and code %d in it, which is a refusal: %s%s", what, *said.Code, said.Text, hecHints[*said.Code])
	case good:
		return fmt.Errorf("%s: the answer is none of a collector (%s): nothing is taken for written; is --hec-url the collector's own address?", what, glimpse(text))
	case said.Invalid != nil && *said.Invalid >= 0 && *said.Invalid < n:
		return &PartialError{*said.Invalid, said.Code != nil && eventsFault[*said.Code], refused}
	case resp.StatusCode >= http.StatusInternalServerError && resp.StatusCode != http.StatusServiceUnavailable:
		return &UnsureError{refused}
	}
	return refused
}

// hecHint is the collector's own, where splunkd's would mislead.
func hecHint(status int, said hecReply) string {
	if said.Code != nil && hecHints[*said.Code] != "" {
		return hecHints[*said.Code]
	}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return hecHints[hecBadToken]
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return hecHints[hecBusy]
	case http.StatusNotFound:
		return "; is --hec-url the collector's address (port 8088), and the collector enabled?"
	}
	return noHint
}

// glimpse is the beginning of an answer that is not what it should be.
func glimpse(text []byte) string {
	words := strings.Join(strings.Fields(string(text[:min(len(text), 4096)])), " ")
	switch {
	case words == "":
		return "it is empty"
	case isHTML(text):
		return "it is a web page"
	}
	return "it begins with " + strings.ToValidUTF8(words[:min(len(words), 60)], "")
}
