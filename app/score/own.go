package score

import (
	"fmt"
	"math"
	"strings"
)

// Pretences are ways in which a task passes itself off as one that Windows itself has.
// They are priors like habits: worth at most their bits, and less where many of the
// fleet's rare findings show them, as where a version of Windows has tasks that nobody
// has listed.
var Pretences = []Habit{
	{Name: "hijack", Bits: 8, Means: "the name of one of Windows' own tasks, which does something else", Source: "T1053.005, T1036.004"},
	{Name: "renamed", Bits: 2, Means: "what one of Windows' own tasks does, by a task of another name", Source: "T1036.004"},
	{Name: "elsewhere", Bits: 6, Means: "a program that Windows' own tasks run, in another folder", Source: "T1036.005"},
	{Name: "strays", Bits: 6, Means: "one of Windows' own tasks, which starts or calls what it is not known to", Source: "T1574, T1055"},
	{Name: "starts", Bits: 2, Means: "one of Windows' own tasks, which starts what it is not known to, where few devices can say whether others do", Source: "T1574, T1055"},
	{Name: "stranger", Bits: 3, Means: `a task beneath \Microsoft\Windows\ that Windows is not known to have`, Source: "T1036.004"},
}

// masquerade is the habit that says of a program's name what "elsewhere" says of a task's:
// one of them counts.
const masquerade = "masquerade"

// Pretend adds a pretence to the habits of a finding, unless they have it or what it says
// already: a name that is not Windows' counts once. says is what is known besides, in words of the table; "" for nothing.
func Pretend(habits []*Habit, name, says string) []*Habit {
	for _, h := range habits {
		if h.Name == name || h.Name == masquerade && name == "elsewhere" || h.Name == "renamed" && name == "stranger" {
			return habits
		}
	}
	for i := range Pretences {
		if Pretences[i].Name == name {
			p := Pretences[i]
			if says != "" {
				p.Means += ": " + says
			}
			return append(habits, &p)
		}
	}
	return habits
}

// Own is what a finding is known to be, all of it.
type Own uint8

// The kinds. What is known less surely scores a little more.
const (
	NotOwn  Own = iota
	Windows     // Windows' own tasks, run as known
	Golden      // so by the user's table, at least in part
	Hosts       // the host of COM handlers, which nothing tells apart, with nothing beneath it
)

// mostOwn is how many bits such a finding has at most, and what it says.
var mostOwn = [...]struct {
	bits float64
	says string
}{
	Windows: {0.1, "Windows' own, run as it is known"},
	Golden:  {0.2, "a clean machine's own, run as it is known"},
	Hosts:   {0.3, "the host of COM handlers: which one is not told, and nothing is beneath it"},
}

// Known is the name of the one part that a finding has which is known.
const Known = "known"

// Settle returns the parts of a finding that is what it is known to be: one of a few tenths
// of a bit, whatever else was odd, which says what does not count. Of any other finding
// they are as they were. crashed is in how many of its trees something crashed.
func (o Own) Settle(all []Part, crashed int) []Part {
	if o == NotOwn {
		return all
	}
	says := mostOwn[o].says
	if crashed > 0 {
		says += fmt.Sprintf("; in %d of its trees something crashed", crashed)
	}
	sum := Sum(all)
	if sum > 0 {
		names := make([]string, 0, len(all))
		for _, p := range all {
			names = append(names, p.Name)
		}
		says += fmt.Sprintf("; %.1f bits of %s do not count", sum, strings.Join(names, ", "))
	}
	return []Part{{Known, math.Min(mostOwn[o].bits, sum), says}}
}
