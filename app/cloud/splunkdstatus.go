package cloud

import (
	"context"
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

// Status implements Job.
func (j *splunkdJob) Status(ctx context.Context) (Status, error) {
	const what = "asking how far the search is"
	text, err := j.server.call(ctx, http.MethodGet, j.path(""), url.Values{"output_mode": {"json"}}, what)
	if err != nil {
		return Status{}, err
	}
	var reply struct {
		Entry []struct {
			Content properties `json:"content"`
		} `json:"entry"`
	}
	if err := json.Unmarshal(text, &reply); err != nil {
		return Status{}, fmt.Errorf("%s: %w", what, err)
	}
	if len(reply.Entry) != 1 {
		return Status{}, fmt.Errorf("%s: the answer tells of %d jobs, not of one", what, len(reply.Entry))
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
