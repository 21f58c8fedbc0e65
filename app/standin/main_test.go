package standin

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// fakeVariable names the fake command that the test binary plays instead of
// running tests.
const fakeVariable = "STANDIN_TEST_FAKE"

func TestMain(m *testing.M) {
	if name := os.Getenv(fakeVariable); name != "" {
		os.Exit(playFake(name))
	}
	os.Exit(m.Run())
}

// playFake runs a fake command. Unless it has a special way to misbehave it is a
// well-behaved one from wellBehaved.
func playFake(name string) int {
	switch name {
	case "hang":
		hang()
	case "hang at the end":
		_ = chunked.NewWriter(os.Stdout).Write(chunked.Info{Type: chunked.TypeReporting}, nil)
		hang()
	case "speaks when cancelled":
		return speakWhenCancelled()
	case "exit early":
		fmt.Fprintln(os.Stderr, "cannot open my licence")
		return 3
	case "exit at the end":
		_ = chunked.Serve(os.Stdin, os.Stdout, wellBehaved("count"))
		return 4
	case "banner":
		fmt.Println("welcome to my command")
	case "stray after getinfo", "stray line end", "stray at the end", "two replies", "two replies at the end",
		"never finished", "says it twice", "finished at getinfo", "body at getinfo":
		return misbehave(name)
	}
	if len(os.Args) > 1 && os.Args[1] == "-panic" {
		name = "panic"
	}
	if err := chunked.Serve(os.Stdin, os.Stdout, wellBehaved(name)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// hang says that it hangs, and does.
func hang() {
	fmt.Fprintln(os.Stderr, hanging)
	time.Sleep(time.Hour)
}

const hanging = "I hang"

// speakWhenCancelled counts, and says something when its events end too soon.
func speakWhenCancelled() int {
	counter, more := wellBehaved("count"), false
	execute := counter.execute
	counter.execute = func(t table, finished bool) (chunked.Reply, error) {
		more = !finished
		return execute(t, finished)
	}
	err := chunked.Serve(os.Stdin, os.Stdout, counter)
	if more {
		fmt.Println("where did my input go?")
	}
	if err != nil {
		return 5
	}
	return 0
}

// misbehave answers like a reporting command and adds what the name says.
func misbehave(name string) int {
	in, out := chunked.NewReader(os.Stdin), chunked.NewWriter(os.Stdout)
	info, body := chunked.Info{Type: chunked.TypeReporting}, ""
	switch name {
	case "says it twice":
		again := chunked.Message{Level: chunked.LevelInfo, Text: "again"}
		info.Inspector = &chunked.Inspector{Messages: []chunked.Message{again, again}}
	case "finished at getinfo":
		info.Finished = true
	case "body at getinfo":
		body = "a\n"
	}
	var reply any = info
	for {
		chunk, err := in.Read()
		if err != nil {
			return 0
		}
		req, err := chunked.ParseRequest(chunk.Metadata)
		if err != nil {
			return 1
		}
		if req.Action == chunked.ActionExecute {
			reply = chunked.Result{Finished: req.Finished && name != "never finished"}
		}
		_ = out.Write(reply, []byte(body))
		switch {
		case name == "two replies" && req.Action == chunked.ActionExecute, name == "two replies at the end" && req.Finished:
			_ = out.Write(reply, nil)
		case name == "stray after getinfo" && req.Action == chunked.ActionGetInfo && !req.SearchInfo.DryRun():
			fmt.Print("x")
		case name == "stray line end" && req.Action == chunked.ActionExecute, name == "stray at the end" && req.Finished:
			fmt.Print("\n")
		}
	}
}

// fake is a command made of functions.
type fake struct {
	getInfo func(chunked.Request) (chunked.Info, error)
	execute func(t table, finished bool) (chunked.Reply, error)
}

func (f *fake) GetInfo(r chunked.Request) (chunked.Info, error) { return f.getInfo(r) }

func (f *fake) Execute(body []byte, finished bool) (chunked.Reply, error) {
	r := csv.NewReader(bytes.NewReader(body))
	var t table
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return f.execute(t, finished)
		}
		if err != nil {
			return chunked.Reply{}, err
		}
		if t.header == nil {
			t.header = row
		} else {
			t.rows = append(t.rows, row)
		}
	}
}

func encode(t table) []byte {
	e := chunked.NewEncoder(t.header)
	for _, row := range t.rows {
		if err := e.Row(row...); err != nil {
			panic(err)
		}
	}
	return e.Bytes()
}

// wellBehaved returns a fake that keeps to the protocol.
func wellBehaved(name string) *fake {
	var got table // all rows so far
	f := &fake{}
	info := chunked.Info{Type: chunked.TypeReporting}
	// echo gives back all rows as they came, with the searchinfo in a message.
	f.getInfo = func(r chunked.Request) (chunked.Info, error) {
		text := fmt.Sprintf("args=%q raw=%q search=%s latest=%v rows=%d dir=%t", r.SearchInfo.Args, r.SearchInfo.RawArgs,
			r.SearchInfo.Search, r.SearchInfo.LatestTime, r.SearchInfo.MaxResultRows, r.SearchInfo.DispatchDir != "")
		info.Inspector = &chunked.Inspector{Messages: []chunked.Message{{Level: chunked.LevelInfo, Text: text}}}
		if slices.Contains(r.SearchInfo.Args, "phase=map") {
			name += " map"
			info.Type = chunked.TypeStreaming
		}
		return fakeInfo(name, info)
	}
	chunks := 0
	f.execute = func(t table, finished bool) (chunked.Reply, error) {
		chunks++
		got.header = t.header
		got.rows = append(got.rows, t.rows...)
		if strings.HasSuffix(name, " map") || name == "streaming" {
			return chunked.Reply{Body: encode(mapped(name, t, chunks))}, nil
		}
		return fakeReduce(name, got, chunks, finished)
	}
	return f
}

func fakeInfo(name string, info chunked.Info) (chunked.Info, error) {
	switch name {
	case "refuse":
		return info, errors.New("unknown option x=1")
	case "fields":
		info.RequiredFields = []string{"b", "_time", "absent"}
	case "preop", "preop fails", "preop panics", "preop of wrong type":
		info.RequiredFields = []string{"_time", "b", "seen"}
		info.StreamingPreop = `fake phase=map text="a \"b\" c"`
	case "preop map":
		info.RequiredFields = []string{"b", "_time"}
	case "preop of wrong type map":
		info.Type = chunked.TypeStateful
	case "other preop":
		info.StreamingPreop = "fields _time"
	case "streaming":
		info.Type = chunked.TypeStreaming
	case "wrong type":
		info.Type = "eventing"
	}
	return info, nil
}

// mapped is what the map half sends on: it drops rows whose b is "drop", and adds
// the column seen: the chunk's number, and the columns it got.
func mapped(name string, t table, chunk int) table {
	if name == "preop panics map" {
		panic("map half")
	}
	out := table{header: append(slices.Clone(t.header), "seen")}
	at := slices.Index(t.header, "b")
	for _, row := range t.rows {
		if row[at] != "drop" {
			out.rows = append(out.rows, append(row, fmt.Sprint(chunk, ":", strings.Join(t.header, " "))))
		}
	}
	return out
}

func fakeReduce(name string, got table, chunks int, finished bool) (chunked.Reply, error) {
	switch {
	case name == "early rows":
		return chunked.Reply{Body: encode(got)}, nil
	case name == "hang at execute":
		hang()
	case name == "panic":
		panic("oh no")
	case name == "fail" && chunks == 2:
		return chunked.Reply{Messages: []chunked.Message{{Level: chunked.LevelWarn, Text: "chunk 2"}}}, errors.New("too bad")
	case !finished:
		return chunked.Reply{}, nil
	case name == "count":
		return chunked.Reply{Body: encode(table{[]string{"count", "chunks"},
			[][]string{{strconv.Itoa(len(got.rows)), strconv.Itoa(chunks)}}})}, nil
	}
	return chunked.Reply{Body: encode(got)}, nil
}
