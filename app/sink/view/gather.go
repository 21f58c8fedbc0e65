package view

import (
	"cmp"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// add takes the rows of one tree.
func (f *Finding) add(rows []row.Row) {
	run := Run{ID: rows[0].Get("tree_id"), Device: rows[0].Get("device"), Rows: rows}
	run.Start, _ = number(rows[0].Get("_time"))
	f.Runs = append(f.Runs, run)
	if !slices.Contains(f.Devices, run.Device) {
		f.Devices = append(f.Devices, run.Device)
	}
	for _, lack := range lines(rows[0].Get("coverage")) {
		if !slices.Contains(f.Coverage, lack) {
			f.Coverage = append(f.Coverage, lack)
		}
	}
	for _, r := range rows {
		f.span(r)
		f.known(r)
		if r.Kind == row.Connections {
			f.contact(r)
		}
	}
}

// mostIntel is how much of what is known a finding shows; rows have all.
const mostIntel = 20

// known takes what an enricher knows of a process or connection, or of a tree or finding whose
// row says no more: once, however many rows say it.
func (f *Finding) known(r row.Row) {
	text := row.Intel(r)
	if text == "" || r.Kind == row.Causes || len(f.Intel) == mostIntel {
		return
	}
	switch r.Kind {
	case row.Nodes:
		text = r.Get("process_name") + ": " + text
	case row.Connections:
		text = row.Remote(r) + ": " + text
	}
	if !slices.Contains(f.Intel, text) {
		f.Intel = append(f.Intel, text)
	}
}

// span widens the finding's time to that of a row.
func (f *Finding) span(r row.Row) {
	if r.Kind == row.Causes {
		return // it was before
	}
	for _, column := range []string{"_time", "first_seen", "last_seen"} {
		t, ok := number(r.Get(column))
		if !ok {
			continue
		}
		if f.First == 0 || t < f.First {
			f.First = t
		}
		f.Last = max(f.Last, t)
	}
}

// contact takes a connection row.
func (f *Finding) contact(r row.Row) {
	text := row.Remote(r)
	at := slices.IndexFunc(f.Remotes, func(x Remote) bool { return x.Text == text })
	if at < 0 {
		at = len(f.Remotes)
		f.Remotes = append(f.Remotes, Remote{Text: text, Name: name(r), address: nameless(r)})
	}
	f.lookedUp(r)
	to := &f.Remotes[at]
	to.Count += max(1, whole(r.Get("connection_count")))
	if t, ok := number(r.Get("first_seen")); ok && (to.First == 0 || t < to.First) {
		to.First = t
	}
	if t, ok := number(r.Get("last_seen")); ok {
		to.Last = max(to.Last, t)
	}
	to.Beacon = to.Beacon.or(beaconOf(r))
}

// name is a destination in short: the name that was asked for, else the address.
func name(r row.Row) string {
	if r.Get("action") == "dns" {
		return cmp.Or(r.Get("remote_host"), r.Get("remote_url"))
	}
	address := r.Get("remote_ip")
	if port := r.Get("remote_port"); port != "" {
		address += ":" + port
	}
	return cmp.Or(r.Get("remote_host"), r.Get("remote_url"), address, "(no address)")
}

// nameless is the address of a connection whose row has nothing else.
func nameless(r row.Row) string {
	if r.Get("action") == "dns" || r.Get("remote_host") != "" || r.Get("remote_url") != "" {
		return ""
	}
	return r.Get("remote_ip")
}

func beaconOf(r row.Row) (b Beacon) {
	b.Score, b.Judged = number(r.Get("beacon_score"))
	b.Period, _ = number(r.Get("beacon_period"))
	b.Count = whole(r.Get("beacon_count"))
	return b
}

// or is the more regular of two.
func (b Beacon) or(c Beacon) Beacon {
	if !b.Judged || c.Judged && (c.Score > b.Score || c.Score == b.Score && c.Count > b.Count) {
		return c
	}
	return b
}

// fill takes the row of a finding, in which all is summed up already.
func (f *Finding) fill(r row.Row) {
	f.Devices, f.DeviceCount, f.RunCount = lines(r.Get("device")), whole(r.Get("devices")), whole(r.Get("runs"))
	f.Coverage, f.Beacon = lines(r.Get("coverage")), beaconOf(r)
	f.First, _ = number(r.Get("first_seen"))
	f.Last, _ = number(r.Get("last_seen"))
	f.listRemotes(lines(r.Get("remote")), lines(r.Get("remote_ip")))
	f.known(r)
	run := Run{ID: r.Get("tree_id"), Rows: []row.Row{r}}
	if len(f.Devices) > 0 {
		run.Device = f.Devices[0]
	}
	f.Runs = append(f.Runs, run)
}

// listRemotes takes the destinations of a finding's row, which does not say which address a name
// is for: what is called by a name stands before what is an address alone.
func (f *Finding) listRemotes(remotes, addresses []string) {
	nameless := make(map[string]bool, len(addresses))
	for _, address := range addresses {
		nameless[address] = true
	}
	for _, named := range []bool{true, false} {
		for _, text := range remotes {
			if nameless[text] != named {
				f.Remotes = append(f.Remotes, Remote{Text: text, Name: text})
			}
		}
	}
}

// creatorSecond puts the tree that registered the task right behind the first, if it is one of
// the finding's: that is the other half of it.
func (f *Finding) creatorSecond() {
	for _, run := range f.Runs {
		id := run.Rows[0].Get("created_by_tree")
		at := slices.IndexFunc(f.Runs, func(r Run) bool { return id != "" && r.ID == id })
		if at <= 0 {
			continue
		}
		creator := f.Runs[at]
		copy(f.Runs[2:at+1], f.Runs[1:at])
		f.Runs[1], f.Halves = creator, true
		return
	}
}

// settle sums up what the runs had.
func (f *Finding) settle() {
	f.creatorSecond()
	f.nameRemotes()
	f.DeviceCount, f.RunCount = max(f.DeviceCount, len(f.Devices)), max(f.RunCount, len(f.Runs))
	slices.SortStableFunc(f.Remotes, func(a, b Remote) int { return cmp.Compare(b.Count, a.Count) })
	for _, to := range f.Remotes {
		f.Beacon = f.Beacon.or(to.Beacon)
	}
}
