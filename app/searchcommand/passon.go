package searchcommand

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// passOn is the map half where a mapper cannot be used: it passes on every row as it
// came, and says why.
type passOn struct {
	why  error
	body bytes.Buffer
}

func (p *passOn) take(body io.Reader) error {
	p.body.Reset()
	_, err := p.body.ReadFrom(body)
	return err
}

func (p *passOn) reply(finished bool) (chunked.Reply, error) {
	reply := chunked.Reply{Body: p.body.Bytes()}
	if !finished {
		return reply, nil
	}
	text := fmt.Sprintf("schtaskhunt map: every event is passed on, which takes longer and changes no row: %v", p.why)
	reply.Messages = []chunked.Message{{Level: chunked.LevelWarn, Text: strings.ReplaceAll(text, "\n", "; ")}}
	return reply, nil
}

func (p *passOn) close() error { return nil }
