package pretended

import (
	"encoding/json"
	"net/http"
	"regexp"
	"testing"
)

// Collector is an HTTP Event Collector that writes to one index.
type Collector struct {
	server
	Token string
	Index string
	// Slow is how many searches miss what was written last, as an index that is not
	// searchable at once.
	Slow int
	// Refuse says of an event that it is refused, nil of none. TakesPart is set when the
	// events before it are taken all the same.
	Refuse    func(event string) bool
	TakesPart bool

	events []string        // as they were sent
	ids    map[string]bool // of their findings
}

// StartCollector serves until the test ends.
func StartCollector(t testing.TB, c *Collector) { c.start(t, false, c.handle) }

// StartSecureCollector serves with the certificate of StartSplunkd.
func StartSecureCollector(t testing.TB, c *Collector) { c.start(t, true, c.handle) }

// Events returns the events that were taken.
func (c *Collector) Events() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.events...)
}

func (c *Collector) handle(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != "/services/collector/event" || r.Method != http.MethodPost:
		reply(w, http.StatusNotFound, map[string]any{"text": "The requested URL was not found on this server.", "code": 404})
	case r.Header.Get("Authorization") != "Splunk "+c.Token:
		reply(w, http.StatusForbidden, map[string]any{"text": "Invalid token", "code": 4})
	default:
		c.take(w, r)
	}
}

func (c *Collector) take(w http.ResponseWriter, r *http.Request) {
	var batch []string
	for body := json.NewDecoder(r.Body); body.More(); {
		var e struct {
			Index string
			Event json.RawMessage
		}
		if err := body.Decode(&e); err != nil || len(e.Event) == 0 {
			reply(w, http.StatusBadRequest, map[string]any{"text": "Invalid data format", "code": 6, "invalid-event-number": len(batch)})
			return
		}
		if e.Index != c.Index {
			reply(w, http.StatusBadRequest, map[string]any{"text": "Incorrect index", "code": 7})
			return
		}
		if c.Refuse != nil && c.Refuse(string(e.Event)) {
			if c.TakesPart {
				c.keep(batch)
			}
			reply(w, http.StatusBadRequest, map[string]any{"text": "Event field cannot be blank", "code": 13, "invalid-event-number": len(batch)})
			return
		}
		batch = append(batch, string(e.Event))
	}
	c.keep(batch)
	reply(w, http.StatusOK, map[string]any{"text": "Success", "code": 0})
}

func (c *Collector) keep(batch []string) {
	c.events = append(c.events, batch...)
	c.index(batch)
}

// index makes events searchable.
func (c *Collector) index(events []string) {
	if c.ids == nil {
		c.ids = map[string]bool{}
	}
	for _, text := range events {
		var e struct {
			ID string `json:"row_id"`
		}
		if json.Unmarshal([]byte(text), &e) == nil {
			c.ids[e.ID] = true
		}
	}
}

var (
	searchedTerm  = regexp.MustCompile(`TERM\(([0-9a-f]{32})\)`)
	searchedIndex = regexp.MustCompile(`index="([^"]*)"`)
)

// lookup is what the search for findings returns.
func (c *Collector) lookup(search string) Table {
	t := Table{Header: []string{"row_id", "count"}}
	if c == nil {
		return t
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	index := searchedIndex.FindStringSubmatch(search)
	if index == nil || index[1] != c.Index || c.late() {
		return t
	}
	for _, m := range searchedTerm.FindAllStringSubmatch(search, -1) {
		if c.ids[m[1]] {
			t.Rows = append(t.Rows, []string{m[1], "1"})
		}
	}
	return t
}

func (c *Collector) late() bool {
	if len(c.events) == 0 || c.Slow == 0 {
		return false
	}
	c.Slow--
	return true
}
