package score

// quietShare is how much of a finding counts that called nothing: what is hunted for has to
// call home, by the day that matters at the latest.
const quietShare = 0.5

// quiet returns the parts of a finding that called nothing, on devices that log connections.
func (p parts) quiet() (kept parts) {
	for _, part := range p {
		kept.add(part.Name, part.Bits*quietShare, "%s; half, as nothing was called", part.Why)
	}
	return kept
}
