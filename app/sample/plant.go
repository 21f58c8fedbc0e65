package sample

import (
	"fmt"
	"net/netip"
	"slices"
)

// plant is one planted task: a story told with names of its own on one to three devices.
type plant struct {
	name    string
	word    string // what its files are called
	story   story
	c2, c2b site
	devices []int
}

var words = []string{"kestrel", "marlin", "tundra", "ocelot", "juniper", "basalt", "heron", "saffron", "cobalt", "willow", "quartz", "lantern", "osprey", "cinder", "meadow", "falcon", "amber", "thicket", "pebble", "harbour"}

// newPlants makes the planted tasks of a fleet. The n-th tells the n-th story,
// over again when there are more plants than stories; words are never shared, so
// that no two plants have a command line in common.
func newPlants(cfg Config) []*plant {
	d := newDice(cfg.Seed, 0)
	list := make([]*plant, cfg.Plants)
	for i := range list {
		word := words[i%len(words)]
		if round := i / len(words); round > 0 {
			word += fmt.Sprint(round + 1)
		}
		st := stories[i%len(stories)]
		p := &plant{name: fmt.Sprintf("%02d-%s-%s", i+1, st.name, word), word: word, story: st}
		p.c2, p.c2b = st.target(d, word), at("files."+word+".test", 80, publicAddr(d))
		p.devices = chooseDevices(d, cfg.Devices, 1+i%3)
		list[i] = p
	}
	return list
}

// target returns where the story's processes call: mostly a public address with
// a name.
func (st story) target(d dice, word string) site {
	switch {
	case st.proxied:
		// All that the machine shows of a call through an explicit proxy.
		return at("", 8080, fmt.Sprintf("10.0.0.%d", 50+d.IntN(9)))
	case st.overIPv6:
		return at(word+"-sync.example", 443, fmt.Sprintf("2a0b:f4c2:%x::%x", 1+d.IntN(200), 16+d.IntN(60000)))
	case st.reverse:
		c2 := at("", 443, publicAddr(d))
		return c2.reversesTo("vm" + d.text(4, "0123456789") + "." + word + "-hosting.example")
	}
	return at("cdn."+word+"-static.example", 443, publicAddr(d), publicAddr(d))
}

// publicAddr returns an address of the open internet. The ranges set aside for
// documentation will not do: a hunt rightly calls them reserved.
func publicAddr(d dice) string {
	first := pick(d, []int{185, 91, 45})
	return netip.AddrFrom4([4]byte{byte(first), byte(10 + d.IntN(200)), byte(d.IntN(256)), byte(1 + d.IntN(254))}).String()
}

func chooseDevices(d dice, fleet, n int) []int {
	var list []int
	for len(list) < min(n, fleet) {
		if i := d.IntN(fleet); !slices.Contains(list, i) {
			list = append(list, i)
		}
	}
	slices.Sort(list)
	return list
}

func (p *plant) value(placeholder string) string {
	switch placeholder {
	case "{word}":
		return p.word
	case "{c2}":
		if p.c2.name == "" {
			return p.c2.addrs[0].String()
		}
		return p.c2.name
	case "{c2b}":
		return p.c2b.name
	}
	return placeholder
}

func (p *plant) site(name string) (site, bool) {
	switch name {
	case "c2":
		return p.c2, true
	case "c2b":
		return p.c2b, true
	}
	return site{}, false
}

// plantedOn deals the plants out to the devices.
func plantedOn(plants []*plant, devices int) [][]*plant {
	dealt := make([][]*plant, devices)
	for _, p := range plants {
		for _, i := range p.devices {
			dealt[i] = append(dealt[i], p)
		}
	}
	return dealt
}

// settle is how long a run of a planted task is left before the machine or the
// window ends, so that what the key lists is there in full.
const settle = 10 * minute

// runPlants asks for the runs of the planted tasks below the scheduler. The
// grid counts back from the window's end, so that each task has run within the
// last of its intervals.
func (s *simulation) runPlants(scheduler *Process) {
	until := min(s.to-2*settle, s.down-settle)
	for _, p := range s.plants {
		for at := s.to - 2*settle - s.d.between(0, min(p.story.every, (s.to-s.from)/4)); at > s.from+minute; at -= p.story.every {
			run := at + s.d.between(0, 90*second)
			if run > scheduler.Start+minute && run <= until {
				s.runOnce(scheduler, p.story.task, run, p)
			}
		}
	}
}
