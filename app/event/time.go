package event

import (
	"strconv"
	"time"
)

// Time is an instant in ticks of 100 ns since 1970-01-01 UTC, the precision of
// Windows' FILETIME and of Defender's times. The zero value means "no time": an
// event of 1970-01-01T00:00:00Z cannot be told from one without a time.
type Time int64

// NoTime is the absent time.
const NoTime Time = 0

// Second and Day are spans in ticks.
const (
	Second Time = 10_000_000
	Day         = 86_400 * Second
)

// Std returns t as a time.Time in UTC.
func (t Time) Std() time.Time {
	sec := int64(t / Second)
	return time.Unix(sec, int64(t%Second)*100).UTC()
}

// AppendEpoch appends t as epoch seconds with up to 7 decimals, trailing zeros cut
// off; nothing for NoTime.
func (t Time) AppendEpoch(dst []byte) []byte {
	if t == NoTime {
		return dst
	}
	if t < 0 {
		dst, t = append(dst, '-'), -t
	}
	dst = strconv.AppendInt(dst, int64(t/Second), 10)
	frac := int64(t % Second)
	if frac == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := int64(Second) / 10; frac > 0; unit /= 10 {
		dst = append(dst, byte('0'+frac/unit))
		frac %= unit
	}
	return dst
}

// Epoch is AppendEpoch as a string.
func (t Time) Epoch() string { return string(t.AppendEpoch(nil)) }

// Gap returns the distance of two instants in whole seconds, never negative; 0
// when either is absent.
func Gap(a, b Time) int64 {
	if a == NoTime || b == NoTime {
		return 0
	}
	return int64(max(a, b)-min(a, b)) / int64(Second)
}
