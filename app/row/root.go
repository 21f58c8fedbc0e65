package row

// Root is what kind of root a tree has.
type Root struct {
	Kind  string // the preset that it is of, or regex
	Label string // usual or odd beneath such a parent, "" where nothing is known
}
