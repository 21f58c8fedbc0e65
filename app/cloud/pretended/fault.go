package pretended

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Fault answers a request in place of the server and reports true, or leaves it alone.
// honest is what the server would have done.
type Fault func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool

// Matching limits a fault to requests of a method ("" for any) whose path ends so.
func (f Fault) Matching(method, suffix string) Fault {
	return func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		return (method == "" || r.Method == method) && strings.HasSuffix(r.URL.Path, suffix) && f(w, r, honest)
	}
}

// Times limits a fault to its first n uses. It comes before Matching.
func (f Fault) Times(n int64) Fault {
	var used atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		return used.Add(1) <= n && f(w, r, honest)
	}
}

// After lets the first n requests pass. It comes before Matching.
func (f Fault) After(n int64) Fault {
	var passed atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		return passed.Add(1) > n && f(w, r, honest)
	}
}

// Status answers with a status, a body, and headers given as name and value by turns.
func Status(code int, body string, headers ...string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) bool {
		for pair := range slices.Chunk(headers, 2) {
			w.Header().Set(pair[0], pair[1])
		}
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
		return true
	}
}

// Drop closes the connection without an answer, having done nothing.
func Drop() Fault {
	return func(http.ResponseWriter, *http.Request, http.HandlerFunc) bool { panic(http.ErrAbortHandler) }
}

// DropAfter does what was asked, and closes the connection without an answer.
func DropAfter() Fault {
	return func(_ http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		honest(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
}

// Hang says nothing until the client gives up.
func Hang() Fault {
	return func(_ http.ResponseWriter, r *http.Request, _ http.HandlerFunc) bool {
		_, _ = new(bytes.Buffer).ReadFrom(r.Body) // or the server does not see the client leave
		<-r.Context().Done()
		return true
	}
}

// Cut sends a part of the honest answer, in per cent of its bytes, and closes the
// connection: HTTP lets the client see that something is missing.
func Cut(percent int) Fault {
	return func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		answer := httptest.NewRecorder()
		honest(answer, r)
		body := answer.Body.Bytes()
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body[:len(body)*percent/100])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// CutQuietly is Cut by a server that states no length and sends no chunks: to the client
// the end of the connection is the end of the answer.
func CutQuietly(percent int) Fault {
	return Close(func(body []byte) []byte { return body[:len(body)*percent/100] })
}

// Close sends what is left of the honest answer, as CutQuietly does.
func Close(left func(body []byte) []byte) Fault {
	return func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		answer := httptest.NewRecorder()
		honest(answer, r)
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return false
		}
		_, _ = fmt.Fprintf(connection, "HTTP/1.1 %d OK\r\nConnection: close\r\n\r\n%s", answer.Code, left(answer.Body.Bytes()))
		_ = connection.Close()
		return true
	}
}

// Rewrite changes the body of the honest answer.
func Rewrite(change func(body []byte) []byte) Fault {
	return func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		answer := httptest.NewRecorder()
		honest(answer, r)
		w.WriteHeader(answer.Code)
		_, _ = w.Write(change(answer.Body.Bytes()))
		return true
	}
}

// Drip sends the body a byte at a time, with a pause after each, until the client
// leaves. When the body is over it goes on with blanks.
func Drip(body string, pause time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) bool {
		for i := 0; r.Context().Err() == nil; i++ {
			b := byte(' ')
			if i < len(body) {
				b = body[i]
			}
			if _, err := w.Write([]byte{b}); err != nil {
				return true
			}
			_ = http.NewResponseController(w).Flush()
			time.Sleep(pause)
		}
		return true
	}
}

// Bomb sends size bytes and a little more that repeat a text, packed by gzip to a thousandth of
// that: one member of the format (RFC 1952, section 2.2) again and again, so that no time goes
// into packing it.
func Bomb(text string, size int) Fault {
	var member bytes.Buffer
	out, _ := gzip.NewWriterLevel(&member, gzip.BestSpeed)
	piece := []byte(strings.Repeat(text, max(1, 1<<18/len(text))))
	_, _ = out.Write(piece)
	_ = out.Close()
	packed := bytes.Repeat(member.Bytes(), size/len(piece)+1)
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) bool {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed)
		return true
	}
}
