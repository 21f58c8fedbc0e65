package cloud

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// said is a job's messages.
func said(level, text string) map[string]any {
	return map[string]any{"messages": []any{map[string]string{"type": level, "text": text}}}
}

// A lookup that may have missed findings stops the writing: they would be doubled.
func TestIncompleteLookupsWriteNothing(t *testing.T) {
	findings := Findings(connections.Names, rows(40))
	for name, c := range map[string]struct {
		properties map[string]any
		want       string
	}{
		"a warning":          {said("WARN", "Search results might be incomplete: the search process on peer idx3 ended prematurely."), "idx3"},
		"an error":           {said("ERROR", "Unable to distribute to peer named idx7: peer has status=Down."), "idx7"},
		"a fatal error":      {said("FATAL", "Error in 'stats' command"), "stats"},
		"finalised":          {map[string]any{"isFinalized": true}, "stopped before it had seen everything"},
		"events not told of": {map[string]any{"eventCount": 400}, "matched 400 events"},
		"no count":           {map[string]any{"resultCount": nil}, "does not tell how many"},
		"more results":       {map[string]any{"resultCount": 77}, "77 results"},
	} {
		t.Run(name, func(t *testing.T) {
			store, server := collector(t, &pretended.Collector{})
			if _, err := Deliver(t.Context(), store, findings, hasty); err != nil {
				t.Fatal(err)
			}
			server.Properties = c.properties
			more := Findings(connections.Names, rows(60))
			d, err := Deliver(t.Context(), store, more, hasty)
			mustFail(t, err, c.want, "written already")
			if d.Written != 0 {
				t.Errorf("%d findings were written", d.Written)
			}
		})
	}
}

// Who says so has findings written although some may be there; what splunkd warns of
// without harm stops nobody.
func TestDoubtfulLookups(t *testing.T) {
	findings := Findings(connections.Names, rows(40))
	for text, doubted := range map[string]bool{
		"Search results might be incomplete":                                                  true,
		"Configuration initialization for /opt/splunk/etc took longer than expected (1146ms)": false,
	} {
		store, server := collector(t, &pretended.Collector{})
		server.Properties = said("WARN", text)
		var doubts []error
		store.Doubtful = func(reason error) { doubts = append(doubts, reason) }
		d, err := Deliver(t.Context(), store, findings, hasty)
		if err != nil || d.Written != 40 || (len(doubts) > 0) != doubted {
			t.Errorf("%s: %+v, %v, doubts %v", text, d, err, doubts)
		}
		for _, doubt := range doubts {
			if !errors.Is(doubt, ErrIncomplete) {
				t.Error(doubt)
			}
		}
	}
}

// A search that splunkd gave up is no search that is done.
func TestFatalIsAFailure(t *testing.T) {
	server := &pretended.Splunkd{Events: events(3), Properties: said("FATAL", "Error in 'search' command: unbalanced")}
	_, _, err := run(t, splunkd(t, server), 10)
	mustFail(t, err, "the search failed", "unbalanced")
}

// The collector's answer counts, not its status.
func TestAnswersOfTheCollector(t *testing.T) {
	for name, c := range map[string]struct {
		fault pretended.Fault
		want  []string
	}{
		"200 with a code":    {pretended.Status(200, `{"text":"Server is shutting down","code":23}`), []string{"code 23", "shutting down"}},
		"200 of a proxy":     {pretended.Status(200, "<!DOCTYPE html><p>Log in"), []string{"web page", "nothing is taken for written"}},
		"200 and nothing":    {pretended.Status(200, ""), []string{"empty"}},
		"200 without a code": {pretended.Status(200, `{"text":"Success"}`), []string{"begins with"}},
		"token unknown":      {pretended.Status(403, `{"text":"Invalid token","code":4}`), []string{"403", "does not know this token"}},
		"token disabled":     {pretended.Status(403, `{"text":"Token disabled","code":1}`), []string{"token is disabled"}},
		"acknowledgement":    {pretended.Status(400, `{"text":"Data channel is missing","code":10}`), []string{"acknowledgement is on", "turn it off"}},
		"index":              {pretended.Status(400, `{"text":"Incorrect index","code":7,"invalid-event-number":0}`), []string{"may not write to that index"}},
		"busy":               {pretended.Status(503, `{"text":"Server is busy","code":9}`), []string{"queues stayed full"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := &pretended.Collector{}
			store, _ := collector(t, server)
			server.Fail(c.fault)
			_, err := Deliver(t.Context(), store, Findings(connections.Names, rows(2)), hasty)
			mustFail(t, err, append(c.want, "0 of 2 are written")...)
			for _, wrong := range []string{"the user's role", "end other searches"} {
				if strings.Contains(err.Error(), wrong) {
					t.Errorf("%q is about splunkd", err)
				}
			}
			if n := server.Requests("POST", "/event"); name != "busy" && n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// An event that is refused costs itself, whether those before it were taken or not.
func TestRefusedEventsCostThemselves(t *testing.T) {
	findings := Findings(connections.Names, rows(300))
	bad := map[string]bool{findings[0].ID: true, findings[137].ID: true, findings[299].ID: true}
	for _, takes := range []bool{true, false} {
		t.Run(fmt.Sprint("takes those before: ", takes), func(t *testing.T) {
			server := &pretended.Collector{TakesPart: takes, Refuse: func(text string) bool {
				for id := range bad {
					if strings.Contains(text, id) {
						return true
					}
				}
				return false
			}}
			store, _ := collector(t, server)
			d, err := Deliver(t.Context(), store, findings, hasty)
			if err != nil || d.Refused != 3 || d.Written != 297 || d.Missing != 0 || d.Reason == nil {
				t.Errorf("%+v, %v", d, err)
			}
			var rest []Finding
			for _, f := range findings {
				if !bad[f.ID] {
					rest = append(rest, f)
				}
			}
			eachOnce(t, server.Events(), rest)
		})
	}
}

// Who ends a run while findings are sent is told how many may have been written.
func TestEndedWhileWriting(t *testing.T) {
	server := &pretended.Collector{}
	store, _ := collector(t, server)
	ctx, cancel := newCancel(t)
	server.Fail(pretended.Fault(func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		cancel()
		return pretended.Hang()(w, r, honest)
	}).After(1))
	_, err := Deliver(ctx, store, Findings(connections.Names, rows(700)), hasty)
	mustFail(t, err, "500 of 700 are written", "up to 200 more may be")
	if failure := (*WriteError)(nil); !errors.As(err, &failure) || failure.Written != 500 || failure.Unsure != 200 {
		t.Errorf("%v", err)
	}
}
