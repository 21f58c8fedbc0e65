package sample

// program is a kind of process and all it does: what the tables of services,
// tasks, users' work and planted tasks are made of. Image and command may hold
// {home}, {user}, {root} (of the device), {word}, {c2}, {c2b} (of the plant),
// {cv}, {hex} (new at each run).
type program struct {
	image    string
	command  string // "" stands for the quoted image
	original string // name it was built under; "" stands for the image's
	account  accountKind
	life     [2]Time // shortest and longest; zero stands for an ordinary short life
	after    [2]Time // start after the parent's; zero stands for at once
	share    float64 // share of the runs it is part of; 0 stands for 1
	wants    []call
	children []program
}

type accountKind uint8

const (
	inherit accountKind = iota // as the parent
	asSystem
	asLocalService
	asNetworkService
	asUser
)

// call is what a program wants from the network.
type call struct {
	site    string  // name in the table of sites, or one of the plant's
	times   int     // connections per run; 0 stands for 1
	share   float64 // share of the runs that make it; 0 stands for 1
	silent  bool    // by address, without asking for the name first
	inbound bool
}

const system32 = `C:\Windows\System32\`

// exe is a program by path and command line.
func exe(image, command string) program { return program{image: image, command: command} }

// tool is a program of System32 that is called by its path.
func tool(name, arguments string) program {
	return exe(system32+name, `C:\Windows\system32\`+name+arguments)
}

// bare is a program of System32 that is called by its name alone.
func bare(name, arguments string) program { return exe(system32+name, name+arguments) }

var conhost = exe(system32+"conhost.exe", `\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1`)

func (p program) with(children ...program) program {
	p.children = append(p.children[:len(p.children):len(p.children)], children...)
	return p
}

func (p program) calls(calls ...call) program {
	p.wants = append(p.wants[:len(p.wants):len(p.wants)], calls...)
	return p
}

func (p program) as(account accountKind) program { p.account = account; return p }
func (p program) lives(lo, hi Time) program      { p.life = [2]Time{lo, hi}; return p }
func (p program) delayed(lo, hi Time) program    { p.after = [2]Time{lo, hi}; return p }
func (p program) sometimes(share float64) program {
	p.share = share
	return p
}
func (p program) builtAs(name string) program { p.original = name; return p }

// chain nests programs: each is started by the one before it.
func chain(first program, rest ...program) program {
	if len(rest) == 0 {
		return first
	}
	return first.with(chain(rest[0], rest[1:]...))
}
