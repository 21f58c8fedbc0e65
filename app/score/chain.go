package score

// Carries reports whether a program, by its file name in lower case, runs what others
// wrote: a script host, or a program of Windows that loads another's code (ATT&CK T1059,
// T1218).
func Carries(name []byte) bool { return usesOf(name).are(runner) }

// fewestLinks is from how many different carriers beneath one another on they are a chain:
// a batch file that calls PowerShell, or itself, is every administrator's.
const fewestLinks = 3

// mostChain is how many bits of a chain count: a longer one is not worse.
const mostChain = 6

// chain adds what a chain of carriers is worth: no more than how few of the rare findings
// have one as long.
func (p *parts) chain(e *Evidence, t *Tail, weight float64) {
	if e.Chain < fewestLinks {
		return
	}
	k := atLeast(t.chains, float64(e.Chain))
	p.add("chain", min(t.surprise(k), mostChain)*weight,
		"%d different script hosts and carriers of code beneath one another (T1059, T1218); %d of %d rare findings have as many", e.Chain, k, t.Findings)
}

// leastDrift is from how much jitter on the waiting between runs is no trigger's: what a
// busy machine adds stays below. mostDrift is how many bits of it count.
const (
	leastDrift = 0.08
	mostDrift  = 4
)

// surely is from how many bits of rhythm on its kind is believed.
const surely = 4

// drift is the jitter of what waits anew after each run, 0 for what follows a clock or is
// not regular enough to tell.
func (r Rhythm) drift() float64 {
	if !r.Sleeps || r.Bits < surely {
		return 0
	}
	return r.Jitter
}

// drift adds what it is worth that the runs keep a period as implants do. The Task Scheduler
// starts by a clock: its random delays do not add up.
func (p *parts) drift(e *Evidence, t *Tail, weight float64) {
	drift := e.Runs.drift()
	if drift < leastDrift {
		return
	}
	k := atLeast(t.drifts, drift)
	p.add("drift", min(t.surprise(k), mostDrift)*weight,
		"from run to run it waits ± %.0f %%, which no trigger does; %d of %d rare findings drift as much", 100*drift, k, t.Findings)
}
