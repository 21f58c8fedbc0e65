package pretended

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// Services is a tenant of Splunk Cloud Services.
type Services struct {
	server
	Tenant     string
	Token      string
	Events     Table
	Collection string
	Polls      int
	MaxPage    int
	State      string // that jobs end in; done unless it is set

	jobs      map[string]*job
	records   map[string]bool // keys of the collection
	Ingested  map[string]int  // events by id, and how often each was sent
	Cancelled []string
}

// StartServices serves until the test ends.
func StartServices(t testing.TB, s *Services) {
	s.jobs, s.records, s.Ingested = map[string]*job{}, map[string]bool{}, map[string]int{}
	s.start(t, false, s.handle)
}

// Forget empties the collection.
func (s *Services) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.records)
}

func (s *Services) handle(w http.ResponseWriter, r *http.Request) {
	path, mine := strings.CutPrefix(r.URL.Path, "/"+s.Tenant+"/")
	switch {
	case r.Header.Get("Authorization") != "Bearer "+s.Token:
		deny(w, http.StatusUnauthorized, "refused token "+r.Header.Get("Authorization"))
	case !mine:
		deny(w, http.StatusNotFound, "no such tenant")
	case strings.HasPrefix(path, "search/v2beta1/jobs"):
		s.search(w, r, strings.TrimPrefix(strings.TrimPrefix(path, "search/v2beta1/jobs"), "/"))
	case path == "ingest/v1beta2/events" && r.Method == http.MethodPost:
		s.ingest(w, r)
	case path == "kvstore/v1beta1/collections/"+s.Collection+"/batch" && r.Method == http.MethodPost:
		s.remember(w, r)
	case path == "kvstore/v1beta1/collections/"+s.Collection+"/query" && r.Method == http.MethodGet:
		s.query(w, r)
	default:
		deny(w, http.StatusNotFound, "no such collection or endpoint")
	}
}

func deny(w http.ResponseWriter, code int, text string) {
	reply(w, code, map[string]string{"code": strconv.Itoa(code), "message": text})
}

func (s *Services) search(w http.ResponseWriter, r *http.Request, path string) {
	id, below, _ := strings.Cut(path, "/")
	j := s.jobs[id]
	switch {
	case path == "" && r.Method == http.MethodPost:
		var asked struct{ Query string }
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			deny(w, http.StatusBadRequest, err.Error())
			return
		}
		id = fmt.Sprintf("sid_%d", len(s.jobs)+1)
		s.jobs[id] = &job{polls: s.Polls, table: project(s.Events, asked.Query)}
		reply(w, http.StatusCreated, map[string]any{"sid": id, "query": asked.Query, "status": "running"})
	case j == nil:
		deny(w, http.StatusNotFound, "no such job")
	case below == "results":
		s.results(w, r, j)
	case r.Method == http.MethodPatch:
		s.Cancelled = append(s.Cancelled, id)
		s.status(w, id, j, "canceled")
	default:
		state := "running"
		if j.polls--; j.polls < 0 {
			if state = "done"; s.State != "" {
				state = s.State
			}
		}
		s.status(w, id, j, state)
	}
}

func (s *Services) status(w http.ResponseWriter, id string, j *job, state string) {
	answer := map[string]any{"sid": id, "query": "", "status": state, "percentComplete": 50, "resultsAvailable": len(j.table.Rows)}
	if state == "failed" {
		answer["messages"] = []any{map[string]string{"type": "ERROR", "text": "unknown field in search"}}
	}
	reply(w, http.StatusOK, answer)
}

func (s *Services) results(w http.ResponseWriter, r *http.Request, j *job) {
	offset, _ := strconv.Atoi(r.FormValue("offset"))
	count, _ := strconv.Atoi(r.FormValue("count"))
	if s.MaxPage > 0 {
		count = min(count, s.MaxPage)
	}
	rows := j.table.Rows[min(offset, len(j.table.Rows)):]
	rows = rows[:min(count, len(rows))]
	list := make([]any, 0, len(rows))
	for _, row := range rows {
		list = append(list, object(j.table.Header, row))
	}
	reply(w, http.StatusOK, map[string]any{"results": list})
}

func (s *Services) ingest(w http.ResponseWriter, r *http.Request) {
	var events []struct{ ID string }
	if err := json.NewDecoder(r.Body).Decode(&events); err != nil || len(events) > 500 {
		deny(w, http.StatusBadRequest, "bad events")
		return
	}
	for _, e := range events {
		s.Ingested[e.ID]++
	}
	reply(w, http.StatusOK, map[string]string{"code": "SUCCESS", "message": "Success"})
}

func (s *Services) remember(w http.ResponseWriter, r *http.Request) {
	var records []map[string]any
	if err := json.NewDecoder(r.Body).Decode(&records); err != nil {
		deny(w, http.StatusBadRequest, err.Error())
		return
	}
	keys := []string{}
	for _, record := range records {
		key, _ := record["_key"].(string)
		if s.records[key] && r.FormValue("allow_updates") != "true" {
			deny(w, http.StatusConflict, "key exists")
			return
		}
		s.records[key] = true
		keys = append(keys, key)
	}
	reply(w, http.StatusCreated, keys)
}

func (s *Services) query(w http.ResponseWriter, r *http.Request) {
	var query struct {
		Or []map[string]string `json:"$or"`
	}
	if err := json.Unmarshal([]byte(r.FormValue("query")), &query); err != nil {
		deny(w, http.StatusBadRequest, err.Error())
		return
	}
	found := []any{}
	for _, condition := range query.Or {
		if key := condition["_key"]; s.records[key] {
			found = append(found, map[string]string{"_key": key})
		}
	}
	reply(w, http.StatusOK, found)
}
