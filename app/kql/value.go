package kql

import (
	"cmp"
	"math"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// noLong is the null of Kusto's long; event.NoTime is that of its datetime. Both are
// lower than any value, as the tie rule wants them.
const noLong = math.MinInt64

// timeLayout is how Kusto's tostring writes a datetime: always seven digits.
const timeLayout = "2006-01-02T15:04:05.0000000Z"

// appendTime appends a datetime as tostring does; nothing for null.
func appendTime(dst []byte, t event.Time) []byte {
	if t == event.NoTime {
		return dst
	}
	return t.Std().AppendFormat(dst, timeLayout)
}

// appendLong appends a long as tostring does; nothing for null.
func appendLong(dst []byte, n int64) []byte {
	if n == noLong {
		return dst
	}
	return strconv.AppendInt(dst, n, 10)
}

// compareTimes orders null below any time, those before 1970 included.
func compareTimes(a, b event.Time) int {
	if (a == event.NoTime) != (b == event.NoTime) {
		if a == event.NoTime {
			return -1
		}
		return 1
	}
	return cmp.Compare(a, b)
}
