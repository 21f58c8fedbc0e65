// Package pretended has local servers that answer like a Splunk does, for tests of
// package cloud and of the command line: splunkd's REST API, the HTTP Event Collector
// and Splunk Cloud Services. They listen on this machine only, hold what they were
// given in memory, and misbehave as a test asks. The program itself has no part of it.
//
// What they know of the real ones is what Splunk documents: REST API Reference (search
// endpoints, HTTP Event Collector), "View search job properties", and the SDK for Splunk
// Cloud Services.
package pretended

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Table is events as a search returns them.
type Table struct {
	Header []string
	Rows   [][]string
}

// server is what all stand-ins have in common.
type server struct {
	URL string
	// Certify gives the certificate for a connection, the first of which is 1; nil the
	// one that the test trusts. With it, each request has a connection of its own.
	Certify func(connection int) *tls.Certificate

	mu      sync.Mutex
	faults  []Fault
	behaves bool
	// requests are those that came, as method and path.
	requests []string
}

// start serves until the test ends.
func (s *server) start(t testing.TB, secure bool, handler http.HandlerFunc) *httptest.Server {
	honest := func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		handler(w, r)
	}
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Method+" "+r.URL.Path)
		faults := s.faults
		s.mu.Unlock()
		for _, fault := range faults {
			if fault(w, r, honest) {
				return
			}
		}
		honest(w, r)
	}))
	web.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure && s.Certify != nil {
		web.TLS = &tls.Config{GetConfigForClient: s.certified(web)}
		web.Config.SetKeepAlivesEnabled(false)
	}
	if secure {
		web.StartTLS()
	} else {
		web.Start()
	}
	t.Cleanup(web.Close)
	s.URL = web.URL
	return web
}

// certified returns what gives each connection its certificate.
func (s *server) certified(web *httptest.Server) func(*tls.ClientHelloInfo) (*tls.Config, error) {
	var connections atomic.Int64
	return func(*tls.ClientHelloInfo) (*tls.Config, error) {
		config := web.TLS.Clone()
		config.GetConfigForClient = nil
		s.mu.Lock()
		behaves := s.behaves
		s.mu.Unlock()
		if other := s.Certify(int(connections.Add(1))); other != nil && !behaves {
			config.Certificates = []tls.Certificate{*other}
		}
		return config, nil
	}
}

// Log returns the requests that came, as method and path.
func (s *server) Log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.requests...)
}

// Fail adds a fault.
func (s *server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// Behave takes all faults away, and wrong certificates.
func (s *server) Behave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.behaves = nil, true
}

// Requests returns how many requests came whose method and path end so.
func (s *server) Requests(method, suffix string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if strings.HasPrefix(r, method) && strings.HasSuffix(r, suffix) {
			n++
		}
	}
	return n
}

func reply(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}
