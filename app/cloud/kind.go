package cloud

import (
	"context"
	"net/http"
	"time"
)

// kind is what a request is like, for the transport.
type kind struct {
	repeatable bool // doing it twice is doing it once
	stream     bool // the answer is read as it comes, for as long as it comes
	page       bool // the answer is read as it comes, by who bounds it
	list       bool // the answer holds results, and is read whole
}

type kindKey struct{}

// withKind marks the requests made under a context.
func withKind(ctx context.Context, k kind) context.Context {
	return context.WithValue(ctx, kindKey{}, k)
}

// kindOf is what the request was marked as, else what its method promises (RFC 9110,
// section 9.2.2).
func kindOf(req *http.Request) kind {
	if k, marked := req.Context().Value(kindKey{}).(kind); marked {
		return k
	}
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
		return kind{repeatable: true}
	}
	return kind{}
}

// silence is how long an answer may say nothing. A search that streams its results
// says nothing until it finds some.
func (k kind) silence(p Policy) time.Duration {
	if k.stream {
		return p.StreamSilence
	}
	return p.Silence
}

// longest is how many bytes an answer may have that is read whole. What is no result is
// decoded into ten times its size, and has no need to be long.
func (k kind) longest(p Policy) int64 {
	if k.list {
		return p.MaxPage / 2
	}
	return p.MaxAnswer
}

// repeatable marks requests that may be sent twice although their method is POST or
// PATCH.
func repeatable(ctx context.Context) context.Context { return withKind(ctx, kind{repeatable: true}) }

// bound sends the requests of a library that knows no contexts under one.
type bound struct {
	ctx  context.Context
	base http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (b bound) RoundTrip(req *http.Request) (*http.Response, error) {
	return b.base.RoundTrip(req.WithContext(b.ctx))
}
