package row

// Kind is what a row is about; its text is the column `row`. Kinds are bits: several are
// what an output asks for.
type Kind uint8

// The kinds of rows.
const (
	Nodes       Kind = 1 << iota // a process
	Connections                  // all equal connections of a process
	Trees                        // a tree
	Findings                     // what one decision settles
	Causes                       // what is behind a process beside its parent
)

// everyKind are the kinds that the columns of trees are about.
const everyKind = Nodes | Connections | Trees | Causes

// kindNames are the kinds as the column `row` spells them.
var kindNames = map[Kind]string{Nodes: "node", Connections: "connection", Trees: "tree", Findings: "finding", Causes: "cause"}

// String returns the spelling of one kind in rows, "" of none and of several.
func (k Kind) String() string { return kindNames[k] }

// KindOf returns the kind that the column `row` spells, 0 for none.
func KindOf(text string) Kind {
	for k, name := range kindNames {
		if name == text {
			return k
		}
	}
	return 0
}
