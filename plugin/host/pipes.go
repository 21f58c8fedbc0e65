package host

import "os"

// pipe is a pipe between us and the plugin.
type pipe struct{ ours, theirs *os.File }

// pipes makes the plugin's standard streams. The first failure sticks.
type pipes struct {
	all []pipe
	err error
}

// toThem makes a pipe that we write to.
func (p *pipes) toThem() pipe {
	r, w := p.make()
	return p.add(pipe{ours: w, theirs: r})
}

// fromThem makes a pipe that we read from.
func (p *pipes) fromThem() pipe {
	r, w := p.make()
	return p.add(pipe{ours: r, theirs: w})
}

func (p *pipes) make() (r, w *os.File) {
	if p.err == nil {
		r, w, p.err = os.Pipe()
	}
	return r, w
}

func (p *pipes) add(one pipe) pipe {
	p.all = append(p.all, one)
	return one
}

// closeTheirs closes the ends that the started plugin has copies of.
func (p *pipes) closeTheirs() {
	for _, one := range p.all {
		_ = one.theirs.Close() // of nil: an error, and no harm
	}
}

func (p *pipes) closeOurs() {
	for _, one := range p.all {
		_ = one.ours.Close()
	}
}
