package hold

import "github.com/schtaskhunt/schtaskhunt/app/event"

// A few devices are a tenth of all, and one of four to nine. Of fewer nobody knows whose
// clock is right.
const (
	fewOf     = 10
	leastMany = 4
)

func fewOfAll(all int) int {
	if all < leastMany {
		return 0
	}
	return max(1, all/fewOf)
}

// rest says when the events of all but a few partitions end: the beginning of the last quarter
// of a day in which these have some, or others that follow within a day. It is event.NoTime if
// nobody has events of a day later. The days are in order; partitions is how many there are.
func (t *tally) rest(days []int32, partitions int) event.Time {
	ends, newest := t.ends(days, fewOfAll(partitions))
	if len(ends) == 0 {
		return event.NoTime
	}
	rest := ends[len(ends)-1]
	for i := len(ends) - 2; i >= 0 && ends[i]-rest < quarters; i-- {
		rest = ends[i]
	}
	if newest-rest < quarters {
		return event.NoTime
	}
	return event.Time(rest) * quarter
}

// ends returns the quarters in which the events of some partitions end, the newest first,
// down to the one in which those of more than a few have ended.
func (t *tally) ends(days []int32, few int) (ends []int64, newest int64) {
	var ended partitions
	for i := len(days) - 1; i >= 0; i-- {
		for q := quarters - 1; q >= 0; q-- {
			before := ended.size()
			ended.add(&t.days[days[i]].quarters[q])
			now := ended.size()
			if now == before {
				continue
			}
			ends = append(ends, int64(days[i])*quarters+int64(q))
			if now > few {
				return ends, ends[0]
			}
		}
	}
	return nil, 0
}
