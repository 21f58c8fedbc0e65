package rival

import "math"

// RareChildren rates a tree by its rarest child, as Elastic's ProblemChild package ranks
// them with its jobs of rare processes by host and by parent: how seldom the host runs the
// program, and how seldom the fleet's parents of that name start it. Both in bits.
func RareChildren(trees []*Tree) []float64 {
	c := children{map[[2]string]float64{}, map[string]float64{}, map[[2]string]float64{}, map[string]float64{}}
	for _, t := range trees {
		for i := range t.Steps {
			if child, parent := c.names(t, i); child != "" {
				c.byHost[[2]string{t.Device, child}]++
				c.hosts[t.Device]++
				c.byParent[[2]string{parent, child}]++
				c.parents[parent]++
			}
		}
	}
	rates := make([]float64, len(trees))
	for n, t := range trees {
		for i := range t.Steps {
			if child, parent := c.names(t, i); child != "" {
				rates[n] = max(rates[n], surprise(c.byHost[[2]string{t.Device, child}], c.hosts[t.Device])+
					surprise(c.byParent[[2]string{parent, child}], c.parents[parent]))
			}
		}
	}
	return rates
}

// children are how often processes were started.
type children struct {
	byHost   map[[2]string]float64
	hosts    map[string]float64
	byParent map[[2]string]float64
	parents  map[string]float64
}

// names are those of a step's process and of what started it; "" for a call.
func (children) names(t *Tree, step int) (child, parent string) {
	s := &t.Steps[step]
	if s.Call {
		return "", ""
	}
	if s.Above != Scheduler {
		parent = t.Steps[s.Above].Name
	}
	return s.Name, parent
}

func surprise(k, n float64) float64 { return -math.Log2((k + 0.5) / (n + 1)) }
