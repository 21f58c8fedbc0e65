package sample

import (
	"strconv"
	"strings"
)

// launch is one run of a program with everything decided but its PID: the
// children included, so that a parent can be made to live until it has started
// them.
type launch struct {
	program
	after    Time // after the parent's start
	life     Time
	children []launch
}

const untilShutdown = Time(1) << 60

// decide throws the dice for one run of p and all below it.
func (s *simulation) decide(p program, plant *plant) launch {
	l := launch{
		program: p,
		after:   s.d.between(orPair(p.after, [2]Time{15 * millisecond, 900 * millisecond})),
		life:    s.d.between(orPair(p.life, [2]Time{700 * millisecond, 25 * second})),
	}
	l.image = s.fill(p.image, plant)
	l.command = s.fill(p.command, plant)
	if l.command == "" {
		l.command = `"` + l.image + `"`
	}
	// About half of all parents wait for their children; the others are gone
	// while these still run, and their PIDs can be taken by strangers.
	waits := s.d.chance(0.5)
	for _, child := range p.children {
		if child.share > 0 && !s.d.chance(child.share) {
			continue
		}
		c := s.decide(child, plant)
		l.life = max(l.life, c.after+40*millisecond)
		if waits {
			l.life = max(l.life, c.after+c.life)
		}
		l.children = append(l.children, c)
	}
	return l
}

func orPair(pair, fallback [2]Time) (lo, hi Time) {
	if pair == ([2]Time{}) {
		pair = fallback
	}
	return pair[0], pair[1]
}

// fill replaces the placeholders that program names; other braces stay.
func (s *simulation) fill(text string, plant *plant) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		b.WriteString(text[:open])
		text = text[open:]
		shut := strings.IndexByte(text, '}')
		if shut < 0 {
			break
		}
		b.WriteString(s.value(text[:shut+1], plant))
		text = text[shut+1:]
	}
	b.WriteString(text)
	return b.String()
}

func (s *simulation) value(placeholder string, plant *plant) string {
	switch placeholder {
	case "{home}":
		return s.dev.home
	case "{user}":
		return s.dev.userName
	case "{root}":
		return s.dev.systemRoot
	case "{cv}":
		return s.d.text(16, base64Digits) + "." + strconv.Itoa(s.d.IntN(9))
	case "{hex}":
		return s.d.text(8, hexDigits)
	}
	if plant != nil {
		return plant.value(placeholder)
	}
	return placeholder
}
