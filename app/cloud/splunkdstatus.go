package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// Status implements Job. An answer that is none of splunkd's is asked for again, as a
// busy server is.
func (j *splunkdJob) Status(ctx context.Context) (Status, error) {
	p := j.server.transport.Policy
	ctx, cancel := p.within(ctx)
	defer cancel()
	for attempt := 1; ; attempt++ {
		s, err := j.look(ctx)
		if !errors.Is(err, errNoStatus) {
			return s, expiredJob(err)
		}
		wait := p.backOff(attempt)
		if attempt >= p.Attempts || runsOut(ctx, wait) {
			return s, err
		}
		if err := sleep(ctx, wait); err != nil {
			return s, err
		}
	}
}

var errNoStatus = errors.New("asking how far the search is: the answer does not say")

// look asks once.
func (j *splunkdJob) look(ctx context.Context) (Status, error) {
	text, err := j.server.call(ctx, http.MethodGet, j.path(""), url.Values{"output_mode": {"json"}}, "asking how far the search is")
	if err != nil {
		return Status{}, err
	}
	var reply struct {
		Entry []struct {
			Content properties `json:"content"`
		} `json:"entry"`
	}
	if err := json.Unmarshal(text, &reply); err != nil {
		return Status{}, fmt.Errorf("%w (%s)", errNoStatus, glimpse(text))
	}
	if len(reply.Entry) != 1 || reply.Entry[0].Content == nil {
		return Status{}, fmt.Errorf("%w: it tells of %d jobs, not of one", errNoStatus, len(reply.Entry))
	}
	s := reply.Entry[0].Content.status()
	s.Limit = j.limit
	return s, nil
}

// properties are those of a search job ("View search job properties" in Splunk's
// Search Manual). Versions write numbers and truth values as such or as text.
type properties map[string]any

func (p properties) status() Status {
	s := Status{
		State: p.text("dispatchState"), Progress: p.number("doneProgress", 0),
		Results: int(p.number("resultCount", -1)), Events: int(p.number("eventCount", -1)),
		Latest: p.latest(), Messages: messagesOf(p["messages"]),
	}
	s.Failed = p.is("isFailed") || p.is("isZombie") || s.State == "FAILED"
	s.Done = p.is("isDone") || s.State == "DONE"
	if p.is("isFinalized") {
		s.Partial = "the search was stopped before it had seen everything (by a user, a quota or a time limit)"
	}
	return s
}

func (p properties) text(name string) string {
	switch v := p[name].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func (p properties) number(name string, absent float64) float64 {
	v, err := strconv.ParseFloat(p.text(name), 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > math.MaxInt32 {
		return absent
	}
	return v
}

func (p properties) is(name string) bool {
	if v, isBool := p[name].(bool); isBool {
		return v
	}
	return p.text(name) == "1" || strings.EqualFold(p.text(name), "true")
}

func (p properties) latest() event.Time {
	for _, name := range []string{"searchLatestTime", "latestTime"} {
		if t, ok := event.ParseTime([]byte(p.text(name))); ok && t > event.NoTime {
			return t
		}
	}
	return event.NoTime
}

// messagesOf reads the messages of a job: a list of type and text, or by type a list
// of texts, as older versions have it.
func messagesOf(v any) (messages []Message) {
	defer func() { messages = shorten(messages) }()
	switch v := v.(type) {
	case []any:
		for _, m := range v {
			if m, ok := m.(map[string]any); ok {
				p := properties(m)
				messages = append(messages, Message{strings.ToUpper(p.text("type")), p.text("text")})
			}
		}
	case map[string]any:
		for _, level := range slices.Sorted(maps.Keys(v)) {
			texts, _ := v[level].([]any)
			for _, text := range texts {
				messages = append(messages, Message{strings.ToUpper(level), fmt.Sprint(text)})
			}
		}
	}
	return messages
}

// longestMessage is how much of a message is shown, in bytes.
const longestMessage = 2000

// shorten bounds the messages of a server. The worst are kept.
func shorten(messages []Message) []Message {
	if len(messages) > mostMessages {
		left := len(messages) - mostMessages
		slices.SortStableFunc(messages, func(a, b Message) int { return cmp.Compare(weight(b.Level), weight(a.Level)) })
		messages = append(slices.Clone(messages[:mostMessages]), Message{messages[0].Level, fmt.Sprintf("(%d further messages)", left)})
	}
	for i, m := range messages {
		if len(m.Text) > longestMessage {
			messages[i].Text = strings.ToValidUTF8(m.Text[:longestMessage], "") + "..."
		}
	}
	return messages
}

// weight orders levels, the worst last.
func weight(level string) int {
	return slices.Index([]string{"DEBUG", "INFO", "WARN", "ERROR", "FATAL"}, level)
}
