package host

// endedBySignal returns "": on Windows processes end with a status.
func (p *process) endedBySignal() string { return "" }
