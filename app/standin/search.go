package standin

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// search is one run of the whole pipeline.
type search struct {
	cfg         Config
	ctx         context.Context
	dispatchDir string
	preview     bool // the processes that are started are previews
	result      Result
}

func (s *search) run() error {
	if err := s.askOnly(); err != nil || s.result.Error != "" {
		return err
	}
	s.result.Messages = nil // the reduce process says the same again
	if err := s.previews(); err != nil || s.result.Error != "" {
		return err
	}
	return s.withProcess("reduce", s.info("search *", s.cfg.Args, s.cfg.RawArgs), func(p *process, info chunked.Info) error {
		s.result.RequiredFields, s.result.Preop = info.RequiredFields, info.StreamingPreop
		events := table{s.cfg.Header, s.cfg.Rows}
		if info.StreamingPreop != "" && s.cfg.Indexers > 0 {
			var err error
			if events, err = s.mapHalf(events, info.StreamingPreop); err != nil || s.result.Error != "" {
				return err // the reduce process sees its input end, as in a cancelled search
			}
		}
		return s.reduce(p, info, events)
	})
}

// askOnly is what splunkd's parser does: a process that is asked for its info and
// then sees its input end.
func (s *search) askOnly() error {
	info := s.info("search *", s.cfg.Args, s.cfg.RawArgs)
	info.SID, info.DispatchDir = "searchparsetmp_standin", ""
	return s.withProcess("parser", info, func(*process, chunked.Info) error { return nil })
}

func (s *search) reduce(p *process, info chunked.Info, events table) error {
	out, sent, err := s.execute(p, info, events)
	s.result.BytesToReduce, s.result.RowsToReduce = sent, len(events.rows)
	if s.result.Error == "" {
		s.result.Header, s.result.Rows = out.header, out.rows
	}
	return err
}

// withProcess starts a process, asks for its info, lets use go on from there, and
// sees that it ends as it should. It does not call use if the command refuses.
func (s *search) withProcess(name string, about chunked.SearchInfo, use func(*process, chunked.Info) error) error {
	p, err := start(s.ctx, name, &s.cfg)
	if err != nil {
		return err
	}
	defer func() { s.result.Stderr += p.stderr.String() }()
	defer p.kill()
	err = s.talk(p, about, use)
	if err != nil {
		return p.explain(err)
	}
	return p.finish()
}

func (s *search) talk(p *process, about chunked.SearchInfo, use func(*process, chunked.Info) error) error {
	info, err := p.getInfo(about, s.preview)
	if err != nil {
		return err
	}
	if err := s.note(p, info.Inspector); err != nil {
		return err
	}
	if info.Error != "" {
		s.fail(p, info.Error)
		return nil
	}
	return use(p, info)
}

// execute sends events to a process and collects what it answers. It returns the
// number of CSV bytes sent, too.
func (s *search) execute(p *process, info chunked.Info, events table) (out table, sent int64, err error) {
	f := newFeed(events, info, s.cfg.ChunkRows, s.cfg.MaxChunkBytes)
	if s.cfg.Ragged != 0 {
		f.ragged = newRagged(s.cfg.Ragged)
	}
	var all union
	for !f.done() {
		body := f.next()
		sent += int64(len(body))
		result, reply, err := p.execute(body, f.done())
		if err != nil {
			return table{}, sent, err
		}
		if err := s.note(p, result.Inspector); err != nil {
			return table{}, sent, err
		}
		if result.Error != "" {
			s.fail(p, result.Error)
			return table{}, sent, nil
		}
		rows, err := f.accept(info.Type, result, reply)
		if err != nil {
			return table{}, sent, fmt.Errorf("reply to execute request %d: %w", p.requests, err)
		}
		all.add(rows)
	}
	return all.table(), sent, nil
}

// note keeps the messages of a reply. A text that the process has sent before is
// an error: splunkd rejects it.
func (s *search) note(p *process, inspector *chunked.Inspector) error {
	if inspector == nil {
		return nil
	}
	for _, m := range inspector.Messages {
		if p.said[m.Text] {
			return fmt.Errorf("message %q was sent twice", m.Text)
		}
		p.said[m.Text] = true
		s.result.Messages = append(s.result.Messages, Message{string(m.Level), m.Text, p.name})
	}
	return nil
}

func (s *search) fail(p *process, text string) {
	p.failed = true
	s.result.Error = text
}

// info is what splunkd tells a process of the search.
func (s *search) info(before string, args, rawArgs []string) chunked.SearchInfo {
	text := before + " | " + strings.Join(append([]string{s.cfg.Command}, rawArgs...), " ")
	return chunked.SearchInfo{
		Args: args, RawArgs: rawArgs, DispatchDir: s.dispatchDir, SID: "1000000000.1",
		App: "search", Owner: "admin", Username: "admin",
		SessionKey: chunked.NewSessionKey("no session: this is not splunkd"),
		SplunkdURI: "https://127.0.0.1:8089", SplunkVersion: "9.4.6",
		Search: strings.ReplaceAll(url.QueryEscape(text), "+", "%20"), Command: s.cfg.Command,
		MaxResultRows: s.cfg.ChunkRows, LatestTime: s.cfg.LatestTime,
	}
}
