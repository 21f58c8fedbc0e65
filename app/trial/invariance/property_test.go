package invariance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// plainHunts are what plain hunts gave, by world and options: every property is held against
// the same ones.
var plainHunts = map[string]doors.Outcome{}

// plain hunts in a world as it is, once.
func plain(t *testing.T, w worlds.World, args string) doors.Outcome {
	t.Helper()
	id := w.Name + " " + args
	if _, known := plainHunts[id]; !known {
		plainHunts[id] = doors.Hunted(t, args, w.Events)
	}
	return plainHunts[id]
}

// eachWorld runs check on every world under every setting, with the rows that a
// plain hunt gives.
func eachWorld(t *testing.T, check func(t *testing.T, w worlds.World, args, want string)) {
	for _, w := range worlds.All(t) {
		for _, args := range rounds.Some(doors.Settings, 1) {
			t.Run(w.Name+"/"+args, func(t *testing.T) {
				hidesNothing := args == doors.Everything
				args := w.Args(args)
				want := plain(t, w, args)
				if hidesNothing && len(want.Kind("node")) < 5 {
					t.Fatalf("%d nodes: too few to test anything", len(want.Kind("node")))
				}
				check(t, w, args, want.Text)
			})
		}
	}
}

func TestOrderOfEventsDoesNotMatter(t *testing.T) {
	eachWorld(t, func(t *testing.T, w worlds.World, args, want string) {
		for seed := range uint64(rounds.Of(4, 1)) {
			doors.SameRows(t, fmt.Sprint("shuffled by ", seed), doors.Hunted(t, args, worlds.Shuffled(w.Events, seed)).Text, want)
		}
		backwards := slices.Clone(w.Events)
		slices.Reverse(backwards)
		doors.SameRows(t, "backwards", doors.Hunted(t, args, backwards).Text, want)
	})
}

func TestDuplicatedEventsCountOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w worlds.World, args, want string) {
		once := plain(t, w, args)
		twice := slices.Concat(w.Events, w.Events[len(w.Events)/2:], w.Events[:len(w.Events)/2])
		got := doors.Hunted(t, args, twice)
		doors.SameRows(t, "all twice", got.Text, want)
		used := once.Ledger["process"] + once.Ledger["connection"] + once.Ledger["end"]
		if more := got.Ledger["duplicate"] - once.Ledger["duplicate"]; more != used {
			t.Errorf("%d duplicates more, want %d", more, used)
		}
		some := slices.Concat(w.Events, worlds.Shuffled(w.Events, 9)[:len(w.Events)/10])
		doors.SameRows(t, "a tenth twice", doors.Hunted(t, args, some).Text, want)
	})
}

// The same rows come out of Splunk's chunks of any size, with fields extracted or
// not, as out of a file.
func TestChunksAndFieldsDoNotMatter(t *testing.T) {
	eachWorld(t, func(t *testing.T, w worlds.World, args, want string) {
		for _, fields := range rounds.Some(waysToHold(args), 1) {
			events := doors.Indexed(t, fields, worlds.Shuffled(w.Events, 2))
			for _, size := range rounds.Some([]int{7, 1, 1000, len(events.Rows)}, 1) {
				run := doors.Serve(t, strings.Fields(args), doors.WithBodies(events.Chunks(t, size)...))
				doors.SameRows(t, fmt.Sprintf("%s in chunks of %d", fields, size), run.Outcome(t).Text, want)
			}
		}
	})
}

// One log reaches an index as JSON and as XML: the same events either way, and once
// when both are there.
func TestRenderingDoesNotMatter(t *testing.T) {
	flat, xml := worlds.Small(t, sample.FormatSysmon), worlds.Small(t, sample.FormatSysmonXML)
	for _, args := range doors.Settings {
		want := doors.Hunted(t, args, flat).Text
		doors.SameRows(t, "as XML", doors.Hunted(t, args, xml).Text, want)
		doors.SameRows(t, "as both", doors.Hunted(t, args, worlds.Shuffled(slices.Concat(flat, xml), 6)).Text, want)
	}
}

// waysToHold are the fields that Splunk's rows may have. Options act behind them, so
// one setting tries them all.
func waysToHold(args string) []string {
	if !strings.HasPrefix(args, doors.Everything) {
		return []string{doors.ExtractedFields}
	}
	return []string{doors.ExtractedFields, doors.RawFields, doors.BothFields}
}

func TestDuplicatedChunksCountOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w worlds.World, args, want string) {
		bodies := doors.Indexed(t, doors.RawFields, w.Events).Chunks(t, 50)
		bodies = slices.Concat(bodies, bodies[:1], bodies[len(bodies)/2:])
		run := doors.Serve(t, strings.Fields(args), doors.WithBodies(bodies...))
		doors.SameRows(t, "chunks sent again", run.Outcome(t).Text, want)
	})
}

// The map half may have run, or not, or twice, or on some of the events only.
func TestMapHalfDoesNotMatter(t *testing.T) {
	eachWorld(t, func(t *testing.T, w worlds.World, args, want string) {
		for _, fields := range rounds.Some(waysToHold(args), 1) {
			events := doors.Indexed(t, fields, w.Events)
			once := doors.Mapped(t, args, events, 400)
			doors.SameRows(t, fields+" mapped", doors.Searched(t, args, once...).Text, want)

			var again []doors.Table
			for i, part := range once {
				second := doors.Mapped(t, args, part, len(part.Rows))
				again = append(again, second...)
				if i == 0 && len(second) == 1 {
					doors.SameRows(t, fields+": the map half's rows, mapped again", string(second[0].Body(t)), string(part.Body(t)))
				}
			}
			doors.SameRows(t, fields+" mapped twice", doors.Searched(t, args, again...).Text, want)
			doors.SameRows(t, fields+" mapped in part", doors.Searched(t, args, mixed(t, args, events)...).Text, want)
		}
	})
}

// mixed sends half of the events through the map half and the other half as they
// are, a few of them both ways, in changing order.
func mixed(t testing.TB, args string, events doors.Table) (chunks []doors.Table) {
	dice := rand.New(rand.NewPCG(8, 8))
	plain, toMap := doors.Table{Header: events.Header}, doors.Table{Header: events.Header}
	for _, r := range events.Rows {
		way := dice.IntN(20)
		if way < 11 {
			plain.Rows = append(plain.Rows, r)
		}
		if way > 9 {
			toMap.Rows = append(toMap.Rows, r)
		}
	}
	chunks = doors.Mapped(t, args, toMap, 90)
	for part := range slices.Chunk(plain.Rows, 130) {
		chunks = append(chunks, doors.Table{Header: plain.Header, Rows: part})
	}
	dice.Shuffle(len(chunks), func(i, j int) { chunks[i], chunks[j] = chunks[j], chunks[i] })
	return chunks
}

// Windows is blind to letter case, and so are its logs: host and file names come in
// any. Only what is shown of them may differ.
func TestLetterCaseOfNamesDoesNotMatter(t *testing.T) {
	eachWorld(t, func(t *testing.T, w worlds.World, args, want string) {
		for seed := range uint64(rounds.Of(2, 1)) {
			dice := rand.New(rand.NewPCG(seed, 3))
			events := make([][]byte, len(w.Events))
			for i, e := range w.Events {
				events[i] = recased(e, dice)
			}
			got := doors.Hunted(t, args, events)
			doors.SameRows(t, "other letter case", strings.ToLower(got.Text), strings.ToLower(want))
		}
	})
}
