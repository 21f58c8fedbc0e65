package tree

import "github.com/schtaskhunt/schtaskhunt/app/identity"

// adjacency lists the children of every actor in two slices, however many there are.
type adjacency struct {
	first []int32 // by actor: where its children begin; one more at the end
	list  []int32
}

func childrenOf(parent []int32) adjacency {
	a := adjacency{first: make([]int32, len(parent)+1)}
	for _, p := range parent {
		if p != identity.None {
			a.first[p+1]++
		}
	}
	for i := range parent {
		a.first[i+1] += a.first[i]
	}
	a.list = make([]int32, a.first[len(parent)])
	next := append([]int32(nil), a.first...)
	for child, p := range parent {
		if p != identity.None {
			a.list[next[p]] = int32(child)
			next[p]++
		}
	}
	return a
}

func (a *adjacency) of(actor int32) []int32 { return a.list[a.first[actor]:a.first[actor+1]] }
