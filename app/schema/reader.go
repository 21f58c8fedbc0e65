package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Raw is the field that holds an event's own text in Splunk.
const Raw = "_raw"

// Fields that concern the container rather than the event.
const (
	messageField  = "Message"             // the event as Windows words it for people
	renderedField = "RenderedDescription" // the same in Sentinel's Event
	nxlogField    = "SourceModuleType"    // NXLog's own; its rows are HTML-escaped
	channelField  = "Channel"             // the log an event was written to
	machineField  = "MachineName"         // Get-WinEvent's own
	classicField  = "ClassicTime"         // the first line of Windows' classic text

	eventTimeField = "EventTime" // local, as NXLog and wevtutil write it
)

// ChunkIndex is the column by which splunkd merges the rows of a streaming command
// with what it kept of them. It is no field to ask for.
const ChunkIndex = "_chunked_idx"

// Reader reads facts into a sink. It is not safe for concurrent use.
type Reader struct {
	sink    event.Sink
	layouts layouts
	search  search
	raw     record.Slot
	message record.Slot
	nxlog   record.Slot
	channel record.Slot

	draft draft
	adding

	order   event.DateOrder
	classic record.Slot    // the first line of Windows' classic text
	local   [2]record.Slot // that, and NXLog's and wevtutil's local time
	times   Times
	remarks []remark    // on the times of the last event
	timeAt  record.Slot // where the record time was found
	hasUTC  bool        // the table of the event has Sysmon's UtcTime

	labels      Labels
	severalWays int            // events whose text can be read in several ways
	second      *record.Record // of such a text, made on first use
	partial     bool           // the draft has gaps that the event's own text may fill
	full        *record.Record // the columns and what the event's own text adds
	used        []record.Slot
	escaped     []byte
	doubled     bool // backslashes of the event are written twice
	text        []byte
	err         error
	cut         int

	wide    *record.Record // a row together with the data that one of its columns holds as text
	told    *record.Record // what a Message says, where its names have others before them
	under   []record.Slot  // by slot: that of the same name in a Message
	machine record.Slot    // tells events whose own names mean something else

	joins joins

	repeats          record.Slot
	repeated, unread int // of the last Read

	sessions bool // those that processes run in are read

	mappers bool   // there are any
	mapper  string // that read the last event, "" where the program's own did

	aside *batch // that the last event waits in, when a mapper plugin reads it
	late  late

	first   FirstLook // nil when every event is read in full
	plan    *Plan     // of the last event, when only its keys were read
	looking looking
}

// NewReader returns a reader that adds to sink. Events that are read for who asks for them
// only (event.LogonEvent) it leaves alone but for the kinds asked. It fails only on a table
// that does not compile, which is a mistake of whoever wrote the table.
func (s *Set) NewReader(sink event.Sink, asked ...event.Kind) (*Reader, error) {
	names := s.names
	r := &Reader{
		sessions: slices.Contains(asked, event.LogonEvent),
		sink:     sink, full: record.New(names), machine: names.Slot(machineField), joins: newJoins(names),
		raw: names.Slot(Raw), message: names.Slot(messageField), repeats: names.Slot(Repeats), nxlog: names.Slot(nxlogField),
		channel: names.Slot(channelField), classic: names.Slot(classicField), layouts: layouts{slots: names.Len(), texts: textSlots(names)},
	}
	r.local = [...]record.Slot{r.classic, names.Slot(eventTimeField)}
	r.layouts.odd = []record.Slot{r.nxlog, r.repeats, r.joins.tables[0].action}
	programs, err := s.programsFor(asked)
	if err != nil {
		return nil, err
	}
	r.layouts.any.programs = slices.Clip(programs) // all readers' together
	for i := s.own; i < len(s.schemas); i++ {
		p, err := s.schemas[i].compile(names)
		if err != nil {
			return nil, err
		}
		p.mapper, p.number, r.mappers = s.schemas[i].Name, uint8(i-s.own+1), true
		p.setAsideFor()
		r.layouts.any.programs = append(r.layouts.any.programs, p)
	}
	r.layouts.any.openers = newOpeners(r.layouts.any.programs, names.Len())
	return r, nil
}

// LookFirst has first look at events that it may not have to read in full. Recognise
// does not fill Used then.
func (r *Reader) LookFirst(first FirstLook) { r.first = first }

// Cut returns how many events were read although their text ends early.
func (r *Reader) Cut() int { return r.cut }

// Err returns what was wrong with the text of the last event, nil when nothing was
// or when its text was not needed.
func (r *Reader) Err() error { return r.err }

// Read adds the facts of one event to the store and returns its kind. Extracted
// fields come first; where they do not make a whole event, its own text in _raw is
// read, and then the Message that Windows words for people. An event of a kind in use
// that lacks a device or its process is Malformed; it costs itself only. The kind of an
// event that a mapper plugin reads is what its table says: see OnLate.
func (r *Reader) Read(rec *record.Record) event.Kind {
	r.repeated, r.unread, r.joins.also = 0, 0, r.joins.also[:0]
	kind, full := r.Recognise(rec)
	if inUse(kind) && r.plan == nil && r.draft.misfits > mostMisfits {
		kind, full = r.realign(kind, rec, full)
	}
	if inUse(kind) && r.isTimeless(kind) {
		r.noteTimeless(kind)
	}
	switch {
	case !inUse(kind):
	case r.aside != nil:
		r.queue(full)
	case r.plan != nil:
		if kind == event.ProcessStart && len(r.plan.table.utc) > 0 {
			r.noteApart(r.looking.Time, r.looking.created)
		}
		if !r.first.Look(&r.looking.Keys, r.plan, full) {
			kind = r.SecondLook(r.plan, full)
		}
	case kind == event.NetworkConnection || kind == event.NameLookup:
		r.add(kind)
		r.addRepeats(rec)
	default:
		if kind == event.ProcessStart && r.hasUTC {
			r.noteApart(r.draft.source.Time, r.draft.self.Created)
		}
		r.add(kind)
	}
	if kind == event.Malformed && r.mapper != "" {
		r.late.malformed(r.mapper)
	}
	if full.Ways() > 1 {
		r.addRivals(kind, full)
	}
	if len(r.remarks) > 0 {
		r.settleTimes()
	}
	if r.joins.made {
		r.addJoined(full) // the last, as it works in the same draft
	}
	return kind
}

// inUse reports whether an event of this kind is one that the hunt uses.
func inUse(kind event.Kind) bool { return kind != event.Other && kind != event.Malformed }

// Recognise is Read without adding. It also returns the record that made the event:
// rec, or rec together with the fields of its own text, valid until the next call.
// Used tells which of its fields mattered; where a join made the row, those of its further
// events are among them.
func (r *Reader) Recognise(rec *record.Record) (event.Kind, *record.Record) {
	kind, full := r.recogniseOne(rec)
	if r.joins.made = r.plan == nil && r.joins.has(full); r.joins.made { // a row with more than one event has no plan
		r.used = r.joins.used(r.used, full)
	}
	if inUse(kind) && r.plan == nil && r.draft.misfits > mostMisfits {
		r.used = r.allBut(full, r.raw) // the labels are wrong, so any field may matter
	}
	return kind, full
}

// allBut returns the fields of a record but one.
func (r *Reader) allBut(rec *record.Record, left record.Slot) []record.Slot {
	return slices.DeleteFunc(append(r.used[:0], rec.Filled()...), func(s record.Slot) bool { return s == left })
}

func (r *Reader) recogniseOne(rec *record.Record) (event.Kind, *record.Record) {
	r.err = nil
	rec = r.widened(rec)
	kind := r.recognise(rec)
	if r.mapper != "" { // what stands in the event as text may be the program's own
		cut := r.cut
		if told := r.recogniseOwn(rec); inUse(told) {
			return told, r.full
		}
		r.err, r.cut = nil, cut
		kind = r.recognise(rec)
	}
	if inUse(kind) && !r.partial {
		return kind, rec
	}
	if raw := rec.Get(r.raw); raw != nil {
		told := r.recogniseText(rec, raw)
		if inUse(told) || !inUse(kind) {
			return told, r.full
		}
		return r.recognise(rec), rec // the text is no help: the fields stand
	}
	message := rec.Get(r.message)
	switch {
	case message == nil:
	case !inUse(kind) && holdsEvent(message):
		return r.recogniseText(rec, message), r.full
	case kind == event.Malformed:
		return r.recogniseMessage(rec, message), r.full
	}
	return kind, rec
}

// recogniseOwn has the program's own readers look at the texts of an event that a mapper
// recognises by its columns. It returns Other when they cannot use them.
func (r *Reader) recogniseOwn(rec *record.Record) event.Kind {
	for _, text := range [...]func() event.Kind{
		func() event.Kind { return r.recogniseTold(rec, r.raw, r.recogniseText) },
		func() event.Kind { return r.recogniseTold(rec, r.message, r.recogniseMessage) },
	} {
		if told := text(); inUse(told) && r.mapper == "" {
			return told
		}
	}
	return event.Other
}

// recogniseTold reads one text of an event, by words unless it is an event itself.
func (r *Reader) recogniseTold(rec *record.Record, at record.Slot, words func(*record.Record, []byte) event.Kind) event.Kind {
	text := rec.Get(at)
	switch {
	case len(text) == 0:
		return event.Other
	case holdsEvent(text):
		return r.recogniseText(rec, text)
	}
	return words(rec, text)
}

// holdsEvent reports whether a Message is an event of its own, and not the words of one.
func holdsEvent(message []byte) bool {
	return (message[0] == '<' || message[0] == '{') && record.EventIn(message) != nil
}

// Time returns the record time of the event that the last Recognise or Read found,
// NoTime when it found none.
func (r *Reader) Time() event.Time {
	if r.plan != nil {
		return r.looking.Time
	}
	return r.draft.source.Time
}

// Audit reports whether the event last read is of Windows' own audit log, which is of use
// only where no sensor tells of the device: see event.Source.
func (r *Reader) Audit() bool { return r.plan == nil && r.aside == nil && r.draft.source.Audit }

// Used returns the fields that decided the last Recognise: an event reduced to these
// is the same event. Valid until the next call.
func (r *Reader) Used() []record.Slot { return r.used }

// recognise finds the event's table and reads the draft. It returns Other when there
// is no table and Malformed when the draft lacks what its kind needs.
func (r *Reader) recognise(rec *record.Record) event.Kind {
	r.aside, r.plan, r.mapper = nil, nil, ""
	f := r.find(rec)
	r.used = append(r.used[:0], f.used...)
	if f.table == nil {
		r.draft = draft{}
		return event.Other
	}
	program, table := f.program, f.table
	kind := r.readBy(program, table, rec)
	if kind == event.Malformed && r.mappers && program.mapper == "" && r.byMapper(rec, &kind) {
		return kind
	}
	if kind == event.Malformed && r.mappers && program.mapper == "" {
		return r.readBy(program, table, rec) // what it lacks is told as it was
	}
	return kind
}

// readBy reads an event by a table that it has been found to match.
func (r *Reader) readBy(p *program, t *compiledTable, rec *record.Record) event.Kind {
	r.mapper = p.mapper
	switch {
	case t.aside != nil:
		return r.setAside(t, rec)
	case r.first != nil && t.plan != nil && r.look(t.plan, rec):
		r.plan = t.plan
		return t.kind
	default:
		r.doubled = p.doubled
		r.fill(p.unknown, t, rec)
		r.draft.source.Mapper = p.number
		return r.draft.finish(t.kind)
	}
}

// byMapper offers an event to the mappers that the program's own schemas recognise and
// cannot use. It reports whether one of them reads it, as the kind that it sets.
func (r *Reader) byMapper(rec *record.Record, kind *event.Kind) bool {
	var others []program
	for _, p := range r.layouts.family(rec.Layout()).programs {
		if p.mapper != "" {
			others = append(others, p)
		}
	}
	r.search.noting = false
	f := r.search.find(others, nil, rec)
	if f.table == nil {
		return false
	}
	used := slices.Clone(r.used)
	r.used = append(r.used[:0], f.used...)
	if got := r.readBy(f.program, f.table, rec); inUse(got) {
		*kind = got
		return true
	}
	r.used, r.aside, r.plan = append(r.used[:0], used...), nil, nil
	return false
}
