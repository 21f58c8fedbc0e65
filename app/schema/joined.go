package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// A join in KQL puts two events into a row. Columns that both tables have come twice, those
// of the right table with a number behind their names: ActionType1, InitiatingProcessId1.
// What only the right table has stands without one: RemoteIP.

// joinSuffixes are those of a second and a third table.
var joinSuffixes = []string{"1", "2"}

// Columns that only one of the two tables has.
var (
	connectionOnly = []string{"RemoteIP", "RemotePort", "RemoteUrl", "LocalIP", "LocalPort", "Protocol"}
	processOnly    = []string{
		"FileName", "FolderPath", "SHA1", "SHA256", "MD5", "ProcessId", "ProcessCommandLine", "ProcessCreationTime", "ProcessUniqueId",
		"AccountDomain", "AccountName",
	}
	joinKeys = []string{"DeviceId", "DeviceName"}
)

// joinable are the columns of Defender's tables, without a number.
func joinable() (fields []string) {
	table := defender("").schema()
	table.eachField(func(name string) { fields = append(fields, name) })
	slices.Sort(fields)
	return slices.Compact(fields)
}

// joinedNames are the columns of the further tables.
func joinedNames() (names []string) {
	columns := joinable()
	for _, suffix := range joinSuffixes {
		for _, column := range columns {
			names = append(names, column+suffix)
		}
	}
	return names
}

// joined are the columns of one further table.
type joined struct {
	action  record.Slot      // by which a row is known to have it
	columns [][2]record.Slot // with the number, and without
}

// joins makes a row's further events.
type joins struct {
	tables []joined
	action record.Slot
	right  *record.Record
	names  *record.Names
	also   []event.Kind
	made   bool // the row at hand
}

func newJoins(names *record.Names) joins {
	j := joins{action: names.Slot("ActionType"), names: names}
	for _, suffix := range joinSuffixes {
		t := joined{action: names.Slot("ActionType" + suffix)}
		for _, column := range joinable() {
			t.columns = append(t.columns, [2]record.Slot{names.Slot(column + suffix), names.Slot(column)})
		}
		j.tables = append(j.tables, t)
	}
	return j
}

// has reports whether a row has a further event.
func (j *joins) has(rec *record.Record) bool {
	slot := j.tables[0].action
	return rec.Has(slot) && !isAbsent(rec.Get(slot))
}

// of returns the event of a further table, nil when the row has none. It is valid until
// the next call.
func (j *joins) of(t *joined, rec *record.Record) *record.Record {
	action := rec.Get(t.action)
	if action == nil || isAbsent(action) {
		return nil
	}
	if j.right == nil {
		j.right = record.New(j.names)
	}
	j.right.Reset()
	for _, c := range t.columns {
		j.right.Set(c[1], rec.Get(c[0]))
	}
	j.borrow(joinKeys, rec)
	left := rec.Get(j.action)
	if !containsFold(left, "connection") && !containsFold(left, "dnsquery") {
		j.borrow(connectionOnly, rec)
	}
	if !containsFold(left, "process") {
		j.borrow(processOnly, rec)
	}
	return j.right
}

// used adds the columns of further events that a row has.
func (j *joins) used(used []record.Slot, rec *record.Record) []record.Slot {
	for _, t := range j.tables {
		for _, c := range t.columns {
			if rec.Has(c[0]) {
				used = append(used, c[0])
			}
		}
	}
	for _, c := range slices.Concat(joinKeys, connectionOnly, processOnly) {
		if slot := j.names.Slot(c); rec.Has(slot) {
			used = append(used, slot)
		}
	}
	return used
}

// borrow takes columns that the row has once.
func (j *joins) borrow(columns []string, rec *record.Record) {
	for _, c := range columns {
		slot := j.names.Slot(c)
		j.right.Set(slot, rec.Get(slot))
	}
}

// addJoined adds the further events of a row that a join made.
func (r *Reader) addJoined(rec *record.Record) {
	first := r.first
	r.first = nil // they cannot be read again by themselves
	defer func() { r.first = first }()
	for i := range r.joins.tables {
		right := r.joins.of(&r.joins.tables[i], rec)
		if right == nil {
			continue
		}
		kind := r.recognise(right)
		if inUse(kind) && r.aside == nil {
			r.add(kind)
		}
		r.joins.also = append(r.joins.also, kind)
	}
}

// Also returns the kinds of further events that the row of the last Read held, when a join
// made it. Valid until the next Read.
func (r *Reader) Also() []event.Kind { return r.joins.also }
