package census

import (
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Sum is of how much the rows of a census tell.
type Sum struct {
	Devices, Tasks int
	Days           int // of UTC, from the first time that a device was watched to the last; 0 if unknown
}

// SumOf returns it of rows that Census.Rows returned.
func SumOf(rows []row.Row) (s Sum) {
	for _, r := range rows {
		switch key := r.Values[atKey]; r.Values[atKind] {
		case "device":
			s.Devices++
		case "task":
			if key != rarity.AnyTask {
				s.Tasks++
			}
		case "run":
			s.Days = daysOn(r.Values[atFirst], r.Values[atTime])
		}
	}
	return s
}

// daysOn returns how many days two times lie on and between; 0 where one is unknown.
func daysOn(first, last string) int {
	const day = 86_400
	from, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0
	}
	to, err := strconv.ParseFloat(last, 64)
	if err != nil {
		return 0
	}
	return int(to)/day - int(from)/day + 1
}
