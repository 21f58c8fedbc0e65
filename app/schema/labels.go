package schema

import (
	"bytes"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Labels tells what became of events whose values did not fit their labels.
type Labels struct {
	Aligned int // put back under their own labels, as only one shift fits
	Unfit   int // not used, as none fits or several do
}

// Labels returns what the reader found of values under wrong labels.
func (r *Reader) Labels() Labels { return r.labels }

// titles are the first lines of Sysmon's messages, by kind of event.
var titles = map[event.Kind]string{
	event.ProcessStart: "Process Create:", event.NetworkConnection: "Network connection detected:",
	event.ProcessEnd: "Process terminated:", event.NameLookup: "Dns query:",
}

// mostMisfits is how much may not be what its label says before the labels are doubted.
const mostMisfits = 1

// check is how a value is told that its label cannot have.
type check uint8

const (
	unchecked check = iota
	checkSelf
	checkParent
	checkNumber
	checkInitiated
	checkHash
	checkSource
	checkDestination
)

// checks are those of the canonical fields of a strict table.
var checks = map[string]check{
	"process_guid": checkSelf, "parent_guid": checkParent, "process_id": checkNumber, "parent_id": checkNumber, "source_port": checkNumber,
	"destination_port": checkNumber, "initiated": checkInitiated, "hash": checkHash, "source_ip": checkSource, "destination_ip": checkDestination,
}

// misfit counts the value just read, if it is none that its label may have. What may be a
// sensor's own way by itself, an id that is no GUID or a name for an address, counts for
// one; more than that is enough to doubt the labels.
func (d *draft) misfit(c check, set bool, v []byte) {
	wrong, weight := false, 1
	switch c {
	case checkSelf:
		_, wrong = d.self.ID.Text()
	case checkParent:
		_, wrong = d.parent.ID.Text()
	case checkNumber:
		wrong, weight = !set && !isNumber(v), 1+mostMisfits
	case checkInitiated:
		wrong = !set
	case checkHash:
		wrong, weight = v[0] == '{', 1+mostMisfits
	case checkSource:
		wrong = d.from.addr.IsZero()
	case checkDestination:
		wrong = d.to.addr.IsZero()
	}
	if wrong {
		d.misfits += weight
	}
}

// realign reads an event again whose values do not fit their labels: an event of an older
// version in the words of a newer manifest, or one of which a collector dropped a value.
// Values are put under their neighbours' labels if only one shift of them fits; else the
// event is not used, as nobody can say where it went.
func (r *Reader) realign(kind event.Kind, rec, full *record.Record) (event.Kind, *record.Record) {
	if r.draft.misfits <= mostMisfits {
		return kind, full
	}
	labels := record.MessageLabels(titles[kind])
	values := r.labelled(labels, rec)
	aligned := shifts(labels, values)
	if len(aligned) != 1 {
		r.labels.Unfit++
		return event.Malformed, full
	}
	if r.second == nil {
		r.second = record.New(r.full.Names())
	}
	r.second.Reset()
	isLabel := make(map[record.Slot]bool)
	for i, label := range labels {
		slot := r.full.Names().Slot(label)
		isLabel[slot] = true
		r.second.Set(slot, aligned[0][i])
	}
	for _, s := range full.Filled() {
		if !isLabel[s] && s != r.raw && !isData(r.full.Names().Name(s), labels) {
			r.second.Set(s, full.Get(s))
		}
	}
	is := r.recognise(r.second)
	if is != kind || r.draft.misfits > 0 {
		r.labels.Unfit++
		return event.Malformed, full
	}
	r.labels.Aligned++
	return is, r.second
}

// isData reports whether a name is that of a label behind a prefix.
func isData(name string, labels []string) bool {
	at := bytes.LastIndexByte([]byte(name), '.')
	return at >= 0 && slices.Contains(labels, name[at+1:])
}

// labelled returns the values of all labels, those that no table asks for among them.
func (r *Reader) labelled(labels []string, rec *record.Record) [][]byte {
	var best [][]byte
	text, most := rec.Get(r.raw), 0
	for i := range sysmonShapes {
		prefix := sysmonShapes[i].prefix
		names := make([]string, len(labels), len(labels)+1)
		for j, label := range labels {
			names[j] = prefix + label
		}
		all := record.New(record.NewNames(append(names, messageField)...))
		switch {
		case text != nil:
			_ = record.Decode(text, all) // it was read before: what is broken was told
		case rec.Has(r.message):
			record.DecodeMessage(rec.Get(r.message), all)
		}
		values, n := valuesOf(all, names)
		if n < 3 && all.Get(all.Names().Slot(messageField)) != nil {
			record.DecodeMessage(all.Get(all.Names().Slot(messageField)), all)
			values, n = valuesOf(all, names)
		}
		if n > most {
			best, most = values, n
		}
	}
	return best
}

func valuesOf(rec *record.Record, names []string) (values [][]byte, n int) {
	for _, name := range names {
		v := rec.Get(rec.Names().Slot(name))
		if v != nil {
			n++
		}
		values = append(values, v)
	}
	return values, n
}

// mostMissing is how many neighbouring values an old version may lack.
const mostMissing = 5

// shifts returns the ways to put values back under their labels, of which those count once
// that differ in nothing anybody asks for. If some lack what is known to have come with a
// later version, only these count.
func shifts(labels []string, values [][]byte) (ways [][][]byte) {
	if len(values) != len(labels) {
		return nil
	}
	var later [][][]byte
	add := func(to *[][][]byte, way [][]byte) {
		if !slices.ContainsFunc(*to, func(w [][]byte) bool { return sameValues(labels, w, way) }) {
			*to = append(*to, way)
		}
	}
	for missing := -1; missing <= mostMissing; missing++ {
		for at := range labels {
			way, possible := shifted(labels, values, at, missing)
			if !possible {
				continue
			}
			add(&ways, way)
			if missing > 0 && cameLater[labels[at]] {
				add(&later, way)
			}
		}
	}
	if len(later) == 1 {
		return later
	}
	return ways
}

// shifted returns the values with so many missing at a label; -1 is one too many.
func shifted(labels []string, values [][]byte, at, missing int) (way [][]byte, possible bool) {
	n := len(labels)
	if missing == 0 || at+max(missing, 0) > n {
		return nil, false
	}
	for _, dropped := range values[n-max(missing, 0):] {
		if dropped != nil && !isAbsent(dropped) && !isPlaceholder(dropped) {
			return nil, false
		}
	}
	for i := range n {
		from := i
		switch {
		case i < at:
		case i < at+missing:
			if !mayLack[labels[i]] {
				return nil, false
			}
			way = append(way, nil)
			continue
		default:
			from = i - missing
		}
		var v []byte
		if from < n {
			v = values[from]
		}
		if v != nil && isPlaceholder(v) {
			v = nil
		}
		if check := fits[labels[i]]; v != nil && check != nil && !check(v) || v == nil && !mayLack[labels[i]] {
			return nil, false
		}
		way = append(way, v)
	}
	return way, true
}

// isPlaceholder holds for what Windows writes for a value that an event does not have: the
// number of its place, %18.
func isPlaceholder(v []byte) bool {
	return len(v) > 1 && v[0] == '%' && len(bytes.Trim(v[1:], "0123456789")) == 0
}

// unasked are the labels that no rule asks for.
var unasked = map[string]bool{
	"RuleName": true, "FileVersion": true, "Description": true, "Product": true, "Company": true, "OriginalFileName": true,
	"CurrentDirectory": true, "LogonGuid": true, "LogonId": true, "TerminalSessionId": true, "IntegrityLevel": true, "ParentUser": true,
	"SourceIsIpv6": true, "SourcePortName": true, "DestinationIsIpv6": true, "DestinationPortName": true, "QueryStatus": true,
}

func sameValues(labels []string, a, b [][]byte) bool {
	for i, label := range labels {
		if !unasked[label] && !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}
