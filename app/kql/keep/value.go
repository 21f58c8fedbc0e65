package keep

import (
	"cmp"
	"math"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// NoLong is the null of Kusto's long; event.NoTime is that of its datetime. Both are
// lower than any value, as the tie rule wants them.
const NoLong = math.MinInt64

// timeLayout is how Kusto's tostring writes a datetime: always seven digits.
const timeLayout = "2006-01-02T15:04:05.0000000Z"

// AppendTime appends a datetime as tostring does; nothing for null.
func AppendTime(dst []byte, t event.Time) []byte {
	if t == event.NoTime {
		return dst
	}
	return t.Std().AppendFormat(dst, timeLayout)
}

// AppendLong appends a long as tostring does; nothing for null.
func AppendLong(dst []byte, n int64) []byte {
	if n == NoLong {
		return dst
	}
	return strconv.AppendInt(dst, n, 10)
}

// CompareTimes orders null below any time, those before 1970 included.
func CompareTimes(a, b event.Time) int {
	if (a == event.NoTime) != (b == event.NoTime) {
		if a == event.NoTime {
			return -1
		}
		return 1
	}
	return cmp.Compare(a, b)
}
