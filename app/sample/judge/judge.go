package judge

import (
	"fmt"
	"io"
	"strings"
)

// Case is what is judged.
type Case struct {
	Key      *Key
	Findings []Row    // of output=findings; nil: the trees are grouped
	Trees    []Row    // of output=trees
	GroupBy  []string // columns of trees that make a finding; nil stands for finding_id
	Order    Order    // nil: as the rows come
}

// Report is the verdict.
type Report struct {
	Findings int // ranked
	Treeless int // findings without a tree among the rows: counted as benign
	Channels []Channel
	benign   []bool // of each rank
	scores   []float64
}

// Channel says where a channel stands.
type Channel struct {
	Name  string
	Rank  int     // of the first finding that is at least half this channel, from 1; 0: none
	Score float64 // of that finding; NaN where it has none
	Trees int     // of the channel among all trees
	ID    string  // of that finding
}

// Judge ranks the findings and looks for the channels among them.
func Judge(c Case) Report {
	by := c.GroupBy
	if len(by) == 0 {
		by = []string{"finding_id"}
	}
	list := group(c.Trees, by)
	for _, f := range list {
		f.count(c.Key, f.rows)
	}
	if c.Findings != nil {
		list = withRows(c.Findings, list)
	}
	c.Order.sort(list)
	return report(c.Key, list)
}

// withRows gives the findings of the table their trees. What the table leaves out (top,
// min_score) is not a finding.
func withRows(table []Row, grouped []*finding) (list []*finding) {
	known := map[string]*finding{}
	for _, f := range grouped {
		known[f.rows[0]["finding_id"]] = f
	}
	for i, row := range table {
		f := known[row["finding_id"]]
		if f == nil {
			f = &finding{channel: map[string]int{}}
		}
		f.id, f.given = row["finding_id"], i
		f.rows = append([]Row{row}, f.rows...)
		list = append(list, f)
	}
	return list
}

func report(k *Key, list []*finding) Report {
	r := Report{Findings: len(list)}
	at := map[string]int{}
	for i, name := range k.Channels {
		r.Channels = append(r.Channels, Channel{Name: name})
		at[name] = i
	}
	for rank, f := range list {
		r.benign, r.scores = append(r.benign, f.benign()), append(r.scores, f.value("score"))
		if f.trees == 0 {
			r.Treeless++
		}
		for name, n := range f.channel {
			c := &r.Channels[at[name]]
			c.Trees += n
			if f.is(name) && c.Rank == 0 {
				c.Rank, c.Score, c.ID = rank+1, f.value("score"), f.id
			}
		}
	}
	return r
}

// Within is how many channels stand among the first n findings.
func (r Report) Within(n int) (channels int) {
	for _, c := range r.Channels {
		if c.Rank > 0 && c.Rank <= n {
			channels++
		}
	}
	return channels
}

// Worst is the rank of the channel that stands last, 0 where one stands nowhere.
func (r Report) Worst() (rank int) {
	for _, c := range r.Channels {
		if c.Rank == 0 {
			return 0
		}
		rank = max(rank, c.Rank)
	}
	return rank
}

// BenignWithin is how many benign findings stand among the first n.
func (r Report) BenignWithin(n int) (count int) {
	for _, benign := range r.benign[:min(n, len(r.benign))] {
		if benign {
			count++
		}
	}
	return count
}

// Above counts what scores at least so many bits: channels and benign findings.
func (r Report) Above(score float64) (channels, benign int) {
	for _, c := range r.Channels {
		if c.Rank > 0 && c.Score >= score {
			channels++
		}
	}
	for i, s := range r.scores {
		if r.benign[i] && s >= score {
			benign++
		}
	}
	return channels, benign
}

// WriteTo writes the report as text: one line a channel, then the sums.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	for _, c := range r.Channels {
		fmt.Fprintf(&b, "%5d  %6.1f  %5d trees  %s\n", c.Rank, c.Score, c.Trees, c.Name)
	}
	for _, n := range []int{25, 35, 40, 150} {
		fmt.Fprintf(&b, "first %d: %d of %d channels, %d benign\n", n, r.Within(n), len(r.Channels), r.BenignWithin(n))
	}
	worst := r.Worst()
	fmt.Fprintf(&b, "last channel: rank %d, %d benign before it; %d findings, %d without trees\n", worst, r.BenignWithin(worst), r.Findings, r.Treeless)
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}
