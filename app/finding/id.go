package finding

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// kindNames stand in ids: they must never change.
var kindNames = [rarity.Kinds]string{"child", "destination", "user", "hash", "trait", "claim"}

// KindName is a kind of fact as ids and entries of allow-lists spell it.
func KindName(k rarity.Kind) string { return kindNames[k] }

// finish gives a finding its id. It says what one decision settles: the task, and the
// departure that tells most; of several of that kind, the one whose text sorts first. Days
// and devices have no part in it.
func (f *Finding) finish(s *rarity.Survey) {
	key := "task|" + s.Text(f.Task.Template)
	first := ""
	kind := rarity.Kind(rarity.Kinds)
	for _, d := range f.Departs {
		text := s.Text(d.Text)
		if d.Leads() && (d.Kind < kind || (d.Kind == kind && text < first)) {
			kind, first = d.Kind, text
		}
	}
	if len(f.Departs) > 0 {
		key += "|" + kindNames[kind] + "|" + first
	}
	sum := sha256.Sum256([]byte(key))
	f.ID = hex.EncodeToString(sum[:8])
}
