package pretended

import (
	"encoding/csv"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Splunkd is the management port of a Splunk whose every search but those for findings
// returns Events.
type Splunkd struct {
	server
	Token    string // that it accepts
	User     string // with Password, a user who can log in
	Password string
	Events   Table
	Findings *Collector // where searches for findings look; nil for nowhere

	Polls    int  // answers that a job is not done, before it is
	MaxPage  int  // its maxresultrows, 0 for no limit
	OddPages bool // gives a different part of what it is asked for each time
	Old      bool // knows only the first version of the search endpoints
	// Properties are added to those of each job, for lies.
	Properties map[string]any

	sessions  map[string]bool
	jobs      map[string]*job
	Searches  []string // that were started
	Cancelled []string // ids of jobs
}

type job struct {
	polls, limit int
	table        Table
}

// StartSplunkd serves until the test ends; with TLS if secure.
func StartSplunkd(t testing.TB, s *Splunkd, secure bool) (caFile string) {
	s.jobs, s.sessions = map[string]*job{}, map[string]bool{}
	web := s.start(t, secure, s.handle)
	if !secure {
		return ""
	}
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})
	if err := os.WriteFile(caFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return caFile
}

// EndSessions makes all sessions invalid.
func (s *Splunkd) EndSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sessions)
}

// Started returns how many jobs there were, and how many of them were cancelled.
func (s *Splunkd) Started() (jobs, cancelled int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.jobs), len(s.Cancelled)
}

func (s *Splunkd) handle(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/services/auth/login" {
		s.login(w, r)
		return
	}
	if !s.authorized(r) {
		refuse(w, http.StatusUnauthorized, "call not properly authenticated")
		return
	}
	_, path, found := strings.Cut(r.URL.Path, "/search/v2/jobs")
	if !found {
		_, path, found = strings.Cut(r.URL.Path, "/search/jobs")
	} else if s.Old {
		found = false
	}
	id, below, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	known := s.jobs[id]
	switch {
	case !found:
		refuse(w, http.StatusNotFound, "Not Found")
	case path == "" && r.Method == http.MethodPost:
		s.create(w, r)
	case path == "/export" && r.Method == http.MethodPost:
		s.export(w, r)
	case known == nil:
		refuse(w, http.StatusNotFound, "Unknown sid.")
	case below == "":
		s.status(w, known)
	case below == "results":
		s.results(w, r, known)
	case below == "control" && r.FormValue("action") == "cancel":
		s.Cancelled = append(s.Cancelled, id)
		reply(w, http.StatusOK, map[string]any{"messages": []any{}})
	default:
		refuse(w, http.StatusNotFound, "Not Found")
	}
}

func refuse(w http.ResponseWriter, code int, text string) {
	reply(w, code, map[string]any{"messages": []any{map[string]string{"type": "WARN", "text": text}}})
}

func (s *Splunkd) login(w http.ResponseWriter, r *http.Request) {
	if s.User == "" || r.FormValue("username") != s.User || r.FormValue("password") != s.Password {
		refuse(w, http.StatusUnauthorized, "Login failed for "+r.FormValue("username")+" with "+r.FormValue("password"))
		return
	}
	key := fmt.Sprintf("session-key-%d", len(s.requests))
	s.sessions[key] = true
	reply(w, http.StatusOK, map[string]string{"sessionKey": key})
}

func (s *Splunkd) authorized(r *http.Request) bool {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return scheme == "Bearer" && s.Token != "" && secret == s.Token || scheme == "Splunk" && s.sessions[secret]
}

func (s *Splunkd) create(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	if id == "" || s.jobs[id] != nil {
		refuse(w, http.StatusConflict, "Search id is missing or in use.")
		return
	}
	s.Searches = append(s.Searches, r.FormValue("search"))
	limit, err := strconv.Atoi(r.FormValue("max_count"))
	if err != nil {
		limit = 10_000 // which the REST API has for its default
	}
	s.jobs[id] = &job{polls: s.Polls, limit: limit, table: s.run(r.FormValue("search"))}
	reply(w, http.StatusCreated, map[string]string{"sid": id})
}

// run is what a search returns.
func (s *Splunkd) run(search string) Table {
	if strings.Contains(search, "TERM(") {
		return s.Findings.lookup(search)
	}
	return project(s.Events, search)
}

func (s *Splunkd) status(w http.ResponseWriter, j *job) {
	content := map[string]any{
		"dispatchState": "RUNNING", "isDone": false, "doneProgress": 0.5, "isFailed": false, "isFinalized": false, "isZombie": false,
		"eventCount": len(j.table.Rows), "resultCount": min(j.limit, len(j.table.Rows)), "messages": []any{},
	}
	if j.polls--; j.polls < 0 {
		content["dispatchState"], content["isDone"], content["doneProgress"] = "DONE", true, 1
	}
	for name, v := range s.Properties {
		content[name] = v
	}
	reply(w, http.StatusOK, map[string]any{"entry": []any{map[string]any{"content": content}}})
}

func (s *Splunkd) results(w http.ResponseWriter, r *http.Request, j *job) {
	if j.polls >= 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	offset, _ := strconv.Atoi(r.FormValue("offset"))
	count, _ := strconv.Atoi(r.FormValue("count"))
	all := j.table.Rows[:min(j.limit, len(j.table.Rows))]
	rows := all[min(offset, len(all)):]
	if count > 0 {
		rows = rows[:min(count, len(rows))]
	}
	if s.MaxPage > 0 {
		rows = rows[:min(s.MaxPage, len(rows))]
	}
	if s.OddPages {
		rows = rows[:(len(rows)+1)/(2+len(s.requests)%3)]
	}
	if s.OddPages && len(rows) == 0 && offset < len(all) {
		rows = all[offset : offset+1]
	}
	if len(rows) == 0 {
		return
	}
	out := csv.NewWriter(w)
	_ = out.Write(j.table.Header)
	_ = out.WriteAll(rows)
}

// export streams JSON, an object a line, in which the last row is marked.
func (s *Splunkd) export(w http.ResponseWriter, r *http.Request) {
	s.Searches = append(s.Searches, r.FormValue("search"))
	table := s.run(r.FormValue("search"))
	out := json.NewEncoder(w)
	for i, row := range table.Rows {
		line := map[string]any{"preview": false, "offset": i, "result": object(table.Header, row)}
		if i == len(table.Rows)-1 {
			line["lastrow"] = true
		}
		_ = out.Encode(line)
	}
	if len(table.Rows) == 0 {
		_ = out.Encode(map[string]any{"preview": false, "lastrow": true})
	}
}

// object is a row as JSON has it: values that are there, and a list of several.
func object(header, row []string) map[string]any {
	o := map[string]any{}
	for i, v := range row {
		switch lines := strings.Split(v, "\n"); {
		case v == "":
		case len(lines) > 1 && header[i] != "_raw":
			o[header[i]] = lines
		default:
			o[header[i]] = v
		}
	}
	return o
}
