package command

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Shard is a share of the devices of a fleet. The zero Shard is all of them.
type Shard struct{ Index, Of int } // Index is 1 to Of

// mostShards is far more searches than anybody's scheduler runs side by side.
const mostShards = 1000

// Has reports whether a device is of the share, by its short name, in whatever case: a
// machine's short and full name are of one share.
func (s Shard) Has(device []byte) bool {
	if s.Of <= 1 {
		return true
	}
	hash := uint64(14695981039346656037) // FNV-1a
	for _, c := range event.ShortName(event.HostName(device)) {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		hash = (hash ^ uint64(c)) * 1099511628211
	}
	// Names that differ in their last digits must be as far apart as others (MurmurHash3).
	hash = (hash ^ hash>>33) * 0xff51afd7ed558ccd
	hash = (hash ^ hash>>33) * 0xc4ceb9fe1a85ec53
	return (hash^hash>>33)%uint64(s.Of) == uint64(s.Index-1)
}

// String spells a share as the option does.
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Of) }

func setShard(o *Options, text string) error {
	index, of, found := strings.Cut(text, "/")
	i, err := strconv.ParseUint(index, 10, 31)
	n, err2 := strconv.ParseUint(of, 10, 31)
	if !found || err != nil || err2 != nil || i < 1 || i > n || n > mostShards {
		return fmt.Errorf("%s is not a share such as 1/4: i/n with i from 1 to n, and n at most %d", show(text), mostShards)
	}
	o.Shard = Shard{int(i), int(n)}
	return nil
}

// Counted returns the options that decide what a census counts, as its rows name them:
// censuses counted under other ones do not go together.
func (o Options) Counted() string {
	counted := []string{"root=" + strings.Join(o.Root.Presets, ","), "rebuilt=" + string(o.Rebuilt)}
	if o.Root.Pattern != nil {
		counted[0] = "root=/" + o.Root.Pattern.String() + "/"
	}
	if len(o.Mapper) > 0 {
		counted = append(counted, "mapper="+strings.Join(o.Mapper, ","))
	}
	return strings.Join(counted, " ")
}

// checkBaselineNames refuses in a search what is no bare name of a lookup file.
func (o Options) checkBaselineNames(l label) error {
	for _, name := range o.Baseline {
		plain := strings.TrimSuffix(strings.ToLower(name), ".gz")
		if !strings.HasSuffix(plain, lookupEnding) || !isBareName(name) {
			return usage("%s: %s is not the bare name of a lookup file that ends in .csv or .csv.gz: letters, digits, _, - and . only; the file is read from the app's lookups folder",
				l("baseline"), show(name))
		}
	}
	return nil
}
