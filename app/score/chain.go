package score

// Carries reports whether a program, by its file name in lower case, runs what others
// wrote: a script host, or a program of Windows that loads another's code.
func Carries(name []byte) bool {
	s := stem(name)
	return in(shells, s) || in(hosts, s) || in(proxiesOf, s)
}

// fewestLinks is from how many different carriers beneath one another on they are a chain:
// a batch file that calls PowerShell, or itself, is every administrator's.
const fewestLinks = 3

// mostChain is how many bits of a chain count: a longer one is not worse.
const mostChain = 6
