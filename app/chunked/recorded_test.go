package chunked

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"testing"
)

// Recorded frames, written again, must be the recording to the byte, but for the
// line ends between chunks that are in no length.
func TestRecordedSessionsToTheByte(t *testing.T) {
	for name, chunks := range map[string]int{"countmatches.input": 2, "countmatches.output": 2, "sum.reduce.input": 2} {
		t.Run(name, func(t *testing.T) {
			rest := recording(t, name)
			r := NewReader(bytes.NewReader(rest))
			n := 0
			for ; ; n++ {
				chunk, err := r.Read()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatalf("chunk %d: %v", n, err)
				}
				rest = cutChunk(t, rest, chunk)
			}
			if n != chunks || len(rest) != 0 {
				t.Errorf("%d chunks, want %d; %d bytes left", n, chunks, len(rest))
			}
		})
	}
}

func cutChunk(t *testing.T, rest []byte, chunk Chunk) []byte {
	t.Helper()
	var again bytes.Buffer
	if err := NewWriter(&again).WriteRaw(chunk.Metadata, chunk.Body); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(rest, again.Bytes()) {
		t.Fatalf("written again: %q...", excerpt(again.Bytes()))
	}
	return bytes.TrimLeft(rest[again.Len():], "\n")
}

func TestRecordedRequest(t *testing.T) {
	r := NewReader(bytes.NewReader(recording(t, "countmatches.input")))
	chunk, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	req, err := ParseRequest(chunk.Metadata)
	if err != nil {
		t.Fatal(err)
	}
	info := req.SearchInfo
	if req.Action != ActionGetInfo || info.SID != "1433261372.158" || info.DryRun() ||
		info.SplunkVersion != "20150522" || info.MaxResultRows != DefaultMaxResultRows {
		t.Errorf("read %+v", req)
	}
	if len(info.Args) != 3 || info.Args[1] != `pattern=\w+` || info.RawArgs[1] != `pattern="\w+"` {
		t.Errorf("args %q, raw %q", info.Args, info.RawArgs)
	}
}

// The commands of the recordings, written with this package, must answer with the
// same fields: the whole path through Serve on bytes that splunkd wrote.
func TestServeOnRecordedInput(t *testing.T) {
	var out bytes.Buffer
	cmd := &script{info: Info{Type: TypeStreaming}, execute: func(body []byte, _ bool) (Reply, error) {
		return Reply{Body: body}, nil
	}}
	input := recording(t, "countmatches.input")
	if err := Serve(bytes.NewReader(input), &out, cmd); err != nil {
		t.Fatal(err)
	}
	got := readAll(t, out.Bytes())
	if len(got) != 2 || got[0].meta != `{"type":"streaming"}` || got[1].meta != `{"finished":true}` {
		t.Fatalf("replies %v", got)
	}
	rows, err := csv.NewReader(bytes.NewReader([]byte(got[1].body))).ReadAll()
	if err != nil || len(rows) != 501 {
		t.Errorf("%d rows came back, %v", len(rows), err)
	}
}
