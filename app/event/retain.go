package event

// Retain empties the table but for the symbols that are wanted, and their lower case and
// file names. They keep their notes, and are numbered anew, in the order that they had:
// every symbol given out before is void.
func (s *Symbols) Retain(wanted func(Sym) bool) {
	s.rename(wanted)
	s.spare.reset()
	s.size = 0
	for now, before := range s.former {
		k := s.known[before] // before >= now: what is written over has been moved
		if s.size += int(k.size); k.size > mostInLine {
			k.setTextAt(s.spare.add(s.long.bytes(k.textAt(), k.size)))
		}
		k.fold, k.file = s.renamed[k.fold], s.renamed[k.file]
		s.known[now] = k
	}
	s.known = s.known[:len(s.former)]
	s.long, s.spare = s.spare, s.long
	s.clearTable()
	for len(s.known)*4 > len(s.table)*3 {
		s.table = make([]entry, 2*len(s.table))
	}
	s.fill()
}

// rename finds the symbols that stay and gives them their new numbers.
func (s *Symbols) rename(wanted func(Sym) bool) {
	const stays Sym = 1
	s.renamed = append(s.renamed[:0], make([]Sym, len(s.known))...)
	for y := Sym(1); int(y) < len(s.known); y++ {
		if wanted(y) {
			s.renamed[y], s.renamed[s.known[y].fold], s.renamed[s.known[y].file] = stays, stays, stays
		}
	}
	s.former = append(s.former[:0], NoSym) // by new number: the one that it had
	s.renamed[NoSym] = NoSym
	for y := Sym(1); int(y) < len(s.known); y++ {
		if s.renamed[y] == stays {
			s.renamed[y] = Sym(len(s.former))
			s.former = append(s.former, y)
		}
	}
}
