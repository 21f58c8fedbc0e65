package chunked_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// countRows is a reporting command: it reads all rows and answers with one.
type countRows struct{ lines int }

func (c *countRows) GetInfo(chunked.Request) (chunked.Info, error) {
	return chunked.Info{Type: chunked.TypeReporting, RequiredFields: []string{"host"}}, nil
}

func (c *countRows) Execute(body []byte, finished bool) (chunked.Reply, error) {
	c.lines += max(0, bytes.Count(body, []byte("\n"))-1) // less the header row
	if !finished {
		return chunked.Reply{}, nil
	}
	e := chunked.NewEncoder([]string{"rows", "note"})
	if err := e.Row(fmt.Sprint(c.lines), "one, two"); err != nil {
		return chunked.Reply{}, err
	}
	return chunked.Reply{Body: e.Bytes()}, nil
}

func ExampleServe() {
	// What splunkd writes to the command's standard input.
	input := "chunked 1.0,60,0\n" + `{"action":"getinfo","preview":false,"searchinfo":{"sid":""}}` +
		"chunked 1.0,37,7\n" + `{"action":"execute","finished":false}` + "host\na\n" +
		"chunked 1.0,36,9\n" + `{"action":"execute","finished":true}` + "host\nb\nc\n"

	if err := chunked.Serve(strings.NewReader(input), os.Stdout, &countRows{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// chunked 1.0,47,0
	// {"type":"reporting","required_fields":["host"]}chunked 1.0,18,0
	// {"finished":false}chunked 1.0,17,23
	// {"finished":true}rows,note
	// 3,"one, two"
}

// countStream is countRows for chunks of any size: it keeps nothing of a body.
type countStream struct{ countRows }

func (c *countStream) ExecuteFrom(body io.Reader, _ int, finished bool) (chunked.Reply, error) {
	lines := bufio.NewScanner(body)
	for lines.Scan() {
		c.lines++
	}
	if err := lines.Err(); err != nil {
		return chunked.Reply{}, err
	}
	c.lines-- // the header row
	return c.Execute(nil, finished)
}

func ExampleServeStream() {
	input := "chunked 1.0,60,0\n" + `{"action":"getinfo","preview":false,"searchinfo":{"sid":""}}` +
		"chunked 1.0,36,9\n" + `{"action":"execute","finished":true}` + "host\nb\nc\n"

	if err := chunked.ServeStream(strings.NewReader(input), os.Stdout, &countStream{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// chunked 1.0,47,0
	// {"type":"reporting","required_fields":["host"]}chunked 1.0,17,23
	// {"finished":true}rows,note
	// 2,"one, two"
}
