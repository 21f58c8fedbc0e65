package realistic

// node is a process of a task and all below it. Texts may hold placeholders (fill.go).
type node struct {
	image    string
	command  string // "" stands for the quoted image
	original string // name it was built under; "" stands for the image's
	maker    string // company; "" stands for Windows' own below C:\Windows
	content  string // what its digest hangs on beside path and version
	account  account
	life     [2]Time // shortest, longest; zero stands for a short one
	after    [2]Time // start after the parent's
	share    float64 // share of the runs; 0 stands for 1
	calls    []call
	children []node
}

type account uint8

const (
	inherit account = iota
	asSystem
	asLocalService
	asNetworkService
	asUser
	asAdmin // a service account of the fleet's administrators
)

// call is what a process wants from the network.
type call struct {
	to     *place
	times  [2]int  // connections a run; zero stands for one
	share  float64 // share of the runs; 0 stands for 1
	every  Time    // again and again through the process' life; 0: only once
	jitter float64 // of every, to both sides
	dns    bool    // a lookup and no connection
	silent bool    // no lookup
}

func exe(image, command string) node { return node{image: image, command: command} }

const system32 = `C:\Windows\System32\`

// tool is a program of System32 called by its path, bare one called by its name.
func tool(name, arguments string) node {
	return exe(system32+name, `C:\Windows\system32\`+name+arguments)
}

func bare(name, arguments string) node { return exe(system32+name, name+arguments) }

func (n node) with(children ...node) node {
	n.children = append(n.children[:len(n.children):len(n.children)], children...)
	return n
}

func (n node) call(calls ...call) node {
	n.calls = append(n.calls[:len(n.calls):len(n.calls)], calls...)
	return n
}

func (n node) as(a account) node            { n.account = a; return n }
func (n node) lives(lo, hi Time) node       { n.life = [2]Time{lo, hi}; return n }
func (n node) delayed(lo, hi Time) node     { n.after = [2]Time{lo, hi}; return n }
func (n node) sometimes(share float64) node { n.share = share; return n }
func (n node) by(maker string) node         { n.maker = maker; return n }
func (n node) built(original string) node   { n.original = original; return n }

// deep returns a copy whose nodes can be changed without changing the original.
func (n node) deep() node {
	n.calls = append([]call(nil), n.calls...)
	children := make([]node, len(n.children))
	for i, c := range n.children {
		children[i] = c.deep()
	}
	n.children = children
	return n
}

// each visits the node and all below it.
func (n *node) each(visit func(*node)) {
	visit(n)
	for i := range n.children {
		n.children[i].each(visit)
	}
}

// chain nests nodes: each is started by the one before it.
func chain(first node, rest ...node) node {
	if len(rest) == 0 {
		return first
	}
	return first.with(chain(rest[0], rest[1:]...))
}

const powershell = system32 + `WindowsPowerShell\v1.0\powershell.exe`

var conhost = exe(system32+"conhost.exe", `\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1`)

func ps(arguments string) node {
	return exe(powershell, `powershell.exe `+arguments).lives(2*second, 90*second).with(conhost)
}

func cmd(arguments string) node { return tool("cmd.exe", " /c "+arguments).with(conhost) }

const forever = Time(1) << 60
