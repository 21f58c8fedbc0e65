// Package kusto fetches events from Microsoft's services that are asked in KQL: a Log Analytics
// workspace, which is what Sentinel keeps its tables in, and Defender's advanced hunting
// through Graph. Neither gives results in pages, and both give so many rows and no more: so
// the time asked about is cut into slices, and these into shares of the devices, until each
// answer is whole. A slice's rows are used when all of them have come, so that none is lost
// and none comes twice.
//
// Sources: Microsoft's reference of the Log Analytics query API and its limits, and of
// runHuntingQuery and the quotas of advanced hunting.
package kusto

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// Service is one of the two APIs.
type Service struct {
	Name    string // for messages
	Address *url.URL
	Scope   string        // what a token has to be for
	Most    int           // rows that one answer has at most
	Reach   time.Duration // how far back there are events, 0 for as far as they are kept
	Tables  []Table
	// Transport sends the questions and authorises them.
	Transport *cloud.Transport

	body   func(query string, s slice) any
	device string // what rows are shared by
	time   string // the column that slices are cut by
}

// mostBytes is the longest answer that is taken: more than either service sends.
const mostBytes = 128 << 20

// The hosts of the public cloud. The others' are given by hand.
const (
	SentinelHost = "https://api.loganalytics.azure.com"
	DefenderHost = "https://graph.microsoft.com"
)

// Sentinel returns the service of a workspace by its id.
func Sentinel(workspace string, host *url.URL, t *cloud.Transport) *Service {
	s := &Service{
		Name: "Log Analytics", Address: host.JoinPath("v1", "workspaces", workspace, "query"), Scope: scopeOf(host), Most: 500_000,
		Tables: sentinelTables(), Transport: withLength(t), device: "Computer", time: "TimeGenerated",
	}
	s.body = func(query string, of slice) any {
		return map[string]string{"query": query, "timespan": of.span()}
	}
	return s
}

// Defender returns advanced hunting.
func Defender(host *url.URL, t *cloud.Transport) *Service {
	s := &Service{
		Name: "advanced hunting", Address: host.JoinPath("v1.0", "security", "runHuntingQuery"), Scope: scopeOf(host), Most: 100_000,
		Reach: 30 * 24 * time.Hour, Tables: defenderTables(), Transport: withLength(t), device: "DeviceId", time: "Timestamp",
	}
	s.body = func(query string, of slice) any {
		return map[string]string{"Query": query, "Timespan": of.span()}
	}
	return s
}

func scopeOf(host *url.URL) string { return host.String() + "/.default" }

// withLength returns the transport with room for answers that are all rows.
func withLength(t *cloud.Transport) *cloud.Transport {
	own := *t
	own.Policy.MaxAnswer = mostBytes
	return &own
}

// Clock asks for the server's time. It is the first question, and costs nothing there: what is
// wrong with address or credentials shows by it.
func (s *Service) Clock(ctx context.Context) (time.Time, error) {
	_, clock, err := s.ask(ctx, "print 1", slice{from: time.Now().Add(-time.Hour), to: time.Now()})
	return clock, err
}

// answer is what came of a question.
type answer struct {
	body    []byte
	rows    int
	partial string // why rows are missing, "" for none
}

func (s *Service) ask(ctx context.Context, query string, of slice) (answer, time.Time, error) {
	body, err := json.Marshal(s.body(query, of))
	if err != nil {
		return answer{}, time.Time{}, err
	}
	text, clock, err := cloud.Ask(ctx, s.Transport, cloud.Query{
		Address: s.Address, Header: http.Header{"Prefer": {"wait=600"}}, Body: body, What: "asking " + s.Name, Hint: s.hint,
	})
	if err != nil {
		return answer{}, clock, err
	}
	a, err := read(text)
	return a, clock, err
}

// read counts the rows of an answer of either API, and finds why some are missing.
func read(text []byte) (answer, error) {
	var said struct {
		Tables []struct {
			Rows []json.RawMessage
		}
		Results []json.RawMessage
		Error   *struct {
			Code, Message string
			Details       []struct{ Code, Message string }
		}
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return answer{}, errors.New("the answer is none of a query: " + err.Error())
	}
	a := answer{body: text, rows: len(said.Results)}
	for _, t := range said.Tables {
		a.rows += len(t.Rows)
	}
	if said.Error != nil {
		words := []string{said.Error.Code, said.Error.Message}
		for _, d := range said.Error.Details {
			words = append(words, d.Code, d.Message)
		}
		a.partial = strings.Join(words, " ")
	}
	return a, nil
}

func (s *Service) hint(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "; the token is not valid here, or has expired"
	case http.StatusForbidden:
		if s.Reach > 0 {
			return "; the account needs the permission ThreatHunting.Read.All of Microsoft Graph"
		}
		return "; the account needs the role Log Analytics Reader on the workspace"
	case http.StatusNotFound:
		return "; is this the workspace's id, and the right cloud (--url)?"
	case http.StatusTooManyRequests:
		return "; it stayed busy through all attempts: try later, or raise --patience"
	}
	return ""
}
