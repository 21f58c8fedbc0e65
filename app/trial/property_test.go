package trial_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

// world is a set of events for which nothing may matter but what is in them.
type world struct {
	name   string // the format, or what it is
	events [][]byte
}

// args are options with what the world's events need besides.
func (w world) args(args string) string { return withMapper(args, w.name) }

func worlds(t testing.TB) []world {
	all := []world{{"nasty", nastyEvents()}}
	for _, format := range sample.AllFormats() {
		all = append(all, world{format, smallFleet(t, format)})
	}
	return all
}

// settings are the options that these properties are held under.
var settings = []string{everything, ""}

// eachWorld runs check on every world under every setting, with the rows that a
// plain hunt gives.
func eachWorld(t *testing.T, check func(t *testing.T, w world, args, want string)) {
	for _, w := range worlds(t) {
		for _, args := range rounds.Some(settings, 1) {
			t.Run(w.name+"/"+args, func(t *testing.T) {
				hidesNothing := args == everything
				args := w.args(args)
				want := hunted(t, args, w.events)
				if hidesNothing && len(want.kind("node")) < 5 {
					t.Fatalf("%d nodes: too few to test anything", len(want.kind("node")))
				}
				check(t, w, args, want.text)
			})
		}
	}
}

func TestOrderOfEventsDoesNotMatter(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world, args, want string) {
		for seed := range uint64(rounds.Of(4, 1)) {
			sameRows(t, fmt.Sprint("shuffled by ", seed), hunted(t, args, shuffled(w.events, seed)).text, want)
		}
		backwards := slices.Clone(w.events)
		slices.Reverse(backwards)
		sameRows(t, "backwards", hunted(t, args, backwards).text, want)
	})
}

func TestDuplicatedEventsCountOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world, args, want string) {
		plain := hunted(t, args, w.events)
		twice := slices.Concat(w.events, w.events[len(w.events)/2:], w.events[:len(w.events)/2])
		got := hunted(t, args, twice)
		sameRows(t, "all twice", got.text, want)
		used := plain.ledger["process"] + plain.ledger["connection"] + plain.ledger["end"]
		if more := got.ledger["duplicate"] - plain.ledger["duplicate"]; more != used {
			t.Errorf("%d duplicates more, want %d", more, used)
		}
		some := slices.Concat(w.events, shuffled(w.events, 9)[:len(w.events)/10])
		sameRows(t, "a tenth twice", hunted(t, args, some).text, want)
	})
}

// The same rows come out of Splunk's chunks of any size, with fields extracted or
// not, as out of a file.
func TestChunksAndFieldsDoNotMatter(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world, args, want string) {
		for _, fields := range rounds.Some(waysToHold(args), 1) {
			events := indexed(t, fields, shuffled(w.events, 2))
			for _, size := range rounds.Some([]int{7, 1, 1000, len(events.rows)}, 1) {
				run := serve(t, strings.Fields(args), withBodies(events.chunks(t, size)...))
				sameRows(t, fmt.Sprintf("%s in chunks of %d", fields, size), run.outcome(t).text, want)
			}
		}
	})
}

// One log reaches an index as JSON and as XML: the same events either way, and once
// when both are there.
func TestRenderingDoesNotMatter(t *testing.T) {
	flat, xml := smallFleet(t, sample.FormatSysmon), smallFleet(t, sample.FormatSysmonXML)
	for _, args := range settings {
		want := hunted(t, args, flat).text
		sameRows(t, "as XML", hunted(t, args, xml).text, want)
		sameRows(t, "as both", hunted(t, args, shuffled(slices.Concat(flat, xml), 6)).text, want)
	}
}

// waysToHold are the fields that Splunk's rows may have. Options act behind them, so
// one setting tries them all.
func waysToHold(args string) []string {
	if !strings.HasPrefix(args, everything) {
		return []string{extractedFields}
	}
	return []string{extractedFields, rawFields, bothFields}
}

func TestDuplicatedChunksCountOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world, args, want string) {
		bodies := indexed(t, rawFields, w.events).chunks(t, 50)
		bodies = slices.Concat(bodies, bodies[:1], bodies[len(bodies)/2:])
		run := serve(t, strings.Fields(args), withBodies(bodies...))
		sameRows(t, "chunks sent again", run.outcome(t).text, want)
	})
}

// The map half may have run, or not, or twice, or on some of the events only.
func TestMapHalfDoesNotMatter(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world, args, want string) {
		for _, fields := range rounds.Some(waysToHold(args), 1) {
			events := indexed(t, fields, w.events)
			once := mapped(t, args, events, 400)
			sameRows(t, fields+" mapped", searched(t, args, once...).text, want)

			var again []table
			for i, part := range once {
				second := mapped(t, args, part, len(part.rows))
				again = append(again, second...)
				if i == 0 && len(second) == 1 {
					sameRows(t, fields+": the map half's rows, mapped again", string(second[0].body(t)), string(part.body(t)))
				}
			}
			sameRows(t, fields+" mapped twice", searched(t, args, again...).text, want)
			sameRows(t, fields+" mapped in part", searched(t, args, mixed(t, args, events)...).text, want)
		}
	})
}

// mixed sends half of the events through the map half and the other half as they
// are, a few of them both ways, in changing order.
func mixed(t testing.TB, args string, events table) (chunks []table) {
	dice := rand.New(rand.NewPCG(8, 8))
	plain, toMap := table{header: events.header}, table{header: events.header}
	for _, r := range events.rows {
		way := dice.IntN(20)
		if way < 11 {
			plain.rows = append(plain.rows, r)
		}
		if way > 9 {
			toMap.rows = append(toMap.rows, r)
		}
	}
	chunks = mapped(t, args, toMap, 90)
	for part := range slices.Chunk(plain.rows, 130) {
		chunks = append(chunks, table{plain.header, part})
	}
	dice.Shuffle(len(chunks), func(i, j int) { chunks[i], chunks[j] = chunks[j], chunks[i] })
	return chunks
}

// Windows is blind to letter case, and so are its logs: host and file names come in
// any. Only what is shown of them may differ.
func TestLetterCaseOfNamesDoesNotMatter(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world, args, want string) {
		for seed := range uint64(rounds.Of(2, 1)) {
			dice := rand.New(rand.NewPCG(seed, 3))
			events := make([][]byte, len(w.events))
			for i, e := range w.events {
				events[i] = recased(e, dice)
			}
			got := hunted(t, args, events)
			sameRows(t, "other letter case", strings.ToLower(got.text), strings.ToLower(want))
		}
	})
}
