package standin

import (
	"fmt"
	"hash/fnv"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// mapHalf runs the streaming_preop on each indexer's share of the events and
// merges what comes out, newest first.
func (s *search) mapHalf(events table, preop string) (table, error) {
	args, raw, err := Tokenize(preop)
	if err != nil {
		return table{}, fmt.Errorf("streaming_preop: %w", err)
	}
	if len(args) == 0 || args[0] != s.cfg.Command {
		return table{}, fmt.Errorf("streaming_preop %q: the stand-in can run no other command than %s", preop, s.cfg.Command)
	}
	var merged union
	for i, share := range deal(events, s.cfg.Indexers) {
		out, err := s.mapShare(i+1, share, args[1:], raw[1:])
		if err != nil || s.result.Error != "" {
			return table{}, err
		}
		merged.add(out)
	}
	t := merged.table()
	SortNewestFirst(t.header, t.rows)
	return t, nil
}

func (s *search) mapShare(n int, share table, args, raw []string) (out table, err error) {
	about := s.info("litsearch *", args, raw)
	about.SID = fmt.Sprintf("remote_indexer%d_%s", n, about.SID)
	err = s.withProcess(fmt.Sprintf("indexer %d", n), about, func(p *process, info chunked.Info) error {
		if info.Type != chunked.TypeStreaming {
			return fmt.Errorf("the streaming_preop is of type %q, only streaming runs on indexers", info.Type)
		}
		var sent int64
		out, sent, err = s.execute(p, info, share)
		s.result.BytesToIndexers += sent
		return err
	})
	return out, err
}

// deal gives each event to one of n indexers, by a hash of all its cells: the
// events of one host lie on several, as forwarders spread them. Their order is
// kept.
func deal(events table, n int) []table {
	shares := make([]table, n)
	for i := range shares {
		shares[i].header = events.header
	}
	for _, row := range events.rows {
		h := fnv.New32a()
		for _, cell := range row {
			_, _ = h.Write([]byte(cell))
			_, _ = h.Write([]byte{0})
		}
		share := &shares[h.Sum32()%uint32(n)]
		share.rows = append(share.rows, row)
	}
	return shares
}
