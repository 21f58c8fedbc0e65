package standin

import (
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// previews gives the events so far to a process of its own, as often as it was asked to,
// and cancels one more. What they say is not the search's: only an error ends it.
func (s *search) previews() error {
	s.preview = true
	defer func() { s.preview, s.result.Messages = false, nil }()
	for i := range s.cfg.Previews {
		share := table{s.cfg.Header, s.cfg.Rows[:len(s.cfg.Rows)*(i+1)/(s.cfg.Previews+1)]}
		err := s.asPreview(fmt.Sprintf("preview %d", i+1), func(p *process, info chunked.Info) error {
			out, _, err := s.execute(p, info, share)
			s.result.PreviewRows = append(s.result.PreviewRows, len(out.rows))
			return err
		})
		if err != nil || s.result.Error != "" {
			return err
		}
	}
	if s.cfg.Previews == 0 {
		return nil
	}
	return s.asPreview("cancelled preview", s.cancel)
}

func (s *search) asPreview(name string, use func(*process, chunked.Info) error) error {
	return s.withProcess(name, s.info("search *", s.cfg.Args, s.cfg.RawArgs), use)
}

// cancel sends a first chunk and leaves: the process sees its input end and has to go
// quietly.
func (s *search) cancel(p *process, info chunked.Info) error {
	body := newFeed(table{s.cfg.Header, s.cfg.Rows}, info, s.cfg.ChunkRows, s.cfg.MaxChunkBytes).next()
	result, _, err := p.execute(body, false)
	if err == nil && result.Error != "" {
		s.fail(p, result.Error)
	}
	return err
}
