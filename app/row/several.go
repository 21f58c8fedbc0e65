package row

// Several returns the columns, of rows of a kind, that may have several values: their text
// has a line for each.
func Several(kind Kind) []string {
	switch kind {
	case Findings:
		return []string{"why", "device", "remote", "remote_ip", "remote_port", "coverage"}
	case Trees:
		return []string{"why", "coverage"}
	case Nodes, Connections, Causes:
		return []string{"why", "coverage", "cause_events"}
	}
	return nil
}
