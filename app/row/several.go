package row

// Several returns the columns, of rows of a kind, that may have several values: their text
// has a line for each.
func Several(kind Kind) []string {
	switch kind {
	case Findings:
		return []string{"why", "device", "remote", "remote_ip", "remote_port", "coverage"}
	case Nodes, Connections, Trees:
		return []string{"why", "coverage"}
	}
	return nil
}
