package sample

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// indicatorColumns are the columns of IndicatorsFile. The label is the plant, the last
// column the command line of its task.
var indicatorColumns = []string{"indicator", "type", "score", "label", "source", "root_process"}

// indicator is something by which a planted process can be known.
type indicator struct{ value, kind string }

// indicators are those of a fleet, each with a process that has it.
type indicators map[indicator]*Process

// add notes an indicator. Of several processes the one whose plant and task sort first
// stands, so that the order of devices does not matter.
func (i indicators) add(kind, value string, p *Process) {
	if value == "" {
		return
	}
	at := indicator{value, kind}
	if known := i[at]; known == nil || cmp.Or(cmp.Compare(p.Plant, known.Plant), cmp.Compare(p.Root.Command, known.Root.Command)) < 0 {
		i[at] = p
	}
}

// addProcess adds the digest of a program that the attacker brought along. It bears
// the plant's word in its path; other programs are Windows' own, and run everywhere.
func (i indicators) addProcess(p *Process) {
	word := p.Plant[strings.LastIndexByte(p.Plant, '-')+1:]
	if strings.Contains(p.Image, `\`+word) {
		i.add("sha256", digest("SHA256", p.Image, 64), p)
	}
}

// addConnection adds the remote end of a connection, or the name of a lookup and the
// addresses it gave.
func (i indicators) addConnection(c *plantedConnection) {
	i.add("ip", c.ip, c.process)
	i.add("domain", strings.ToLower(c.host), c.process)
	for address := range strings.SplitSeq(c.answers, ";") {
		i.add("ip", address, c.process)
	}
}

func (i indicators) write(file string) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(indicatorColumns) // to memory; Flush tells of errors
	order := slices.SortedFunc(maps.Keys(i), func(a, b indicator) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.value, b.value))
	})
	for _, at := range order {
		p := i[at]
		_ = w.Write([]string{at.value, at.kind, "90", p.Plant, "planted", p.Root.Command})
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("writing the indicators: %w", err)
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}
