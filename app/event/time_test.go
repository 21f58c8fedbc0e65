package event

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// at is a calendar time in ticks; the tests below say what they mean with it.
func at(year, month, day, hour, minute, second int, ticks Time) Time {
	return Time(time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC).Unix())*Second + ticks
}

func TestParseTime(t *testing.T) {
	for _, c := range []struct {
		text string
		want Time
	}{
		// Epoch seconds.
		{"1627354345.934", 1627354345*Second + 9340000},
		{"1627354345", 1627354345 * Second},
		{"1627354345.1234567", 1627354345*Second + 1234567},
		{"1627354345.12345678999", 1627354345*Second + 1234567},
		{"5", 5 * Second},
		{"1", Second},
		{"-1.5", -Second - Second/2},
		{"0.0000001", 1},
		{"253402300799.9999999", 253402300800*Second - 1},
		{"-62135596800", -62135596800 * Second},
		// ISO 8601.
		{"2023-06-01T14:03:57.7104652Z", at(2023, 6, 1, 14, 3, 57, 7104652)},
		{"2023-06-01T14:03:57.7104652z", at(2023, 6, 1, 14, 3, 57, 7104652)},
		{"2022-09-01T07:09:47.59Z", at(2022, 9, 1, 7, 9, 47, 5900000)},
		{"2022-09-01T07:09:47Z", at(2022, 9, 1, 7, 9, 47, 0)},
		{"2022-09-01T07:09Z", at(2022, 9, 1, 7, 9, 0, 0)},
		{"2022-09-01", at(2022, 9, 1, 0, 0, 0, 0)},
		{"2020-09-18 17:05:52.782", at(2020, 9, 18, 17, 5, 52, 7820000)},
		{"2020-09-18 13:05:54", at(2020, 9, 18, 13, 5, 54, 0)},
		{"2014-06-11T08:19:59.000-0700", at(2014, 6, 11, 15, 19, 59, 0)},
		{"2014-06-11T08:19:59.000-07:00", at(2014, 6, 11, 15, 19, 59, 0)},
		{"2014-06-11T08:19:59+05:30", at(2014, 6, 11, 2, 49, 59, 0)},
		{"2014-06-11T08:19:59+05", at(2014, 6, 11, 3, 19, 59, 0)},
		{"2014-06-11 08:19:59 UTC", at(2014, 6, 11, 8, 19, 59, 0)},
		{"2014-06-11 08:19:59 +0100", at(2014, 6, 11, 7, 19, 59, 0)},
		{"2021-06-23 03:08:14.159814200+00:00", at(2021, 6, 23, 3, 8, 14, 1598142)},
		{"2021-01-01T00:30:00+01:00", at(2020, 12, 31, 23, 30, 0, 0)},
		{"1601-01-01T00:00:00.0000001Z", at(1601, 1, 1, 0, 0, 0, 1)},
		{"0001-01-01T00:00:00Z", at(1, 1, 1, 0, 0, 0, 0)},
		{"9999-12-31T23:59:59.9999999Z", at(9999, 12, 31, 23, 59, 59, 9999999)},
		{"2024-02-29T00:00:00Z", at(2024, 2, 29, 0, 0, 0, 0)},
		{"2000-02-29", at(2000, 2, 29, 0, 0, 0, 0)},
		{"2023-12-31T23:59:59Z", at(2023, 12, 31, 23, 59, 59, 0)},
		// Month first.
		{"02/17/2022 02:15:47 AM", at(2022, 2, 17, 2, 15, 47, 0)},
		{"02/17/2022 02:15:47 PM", at(2022, 2, 17, 14, 15, 47, 0)},
		{"02/17/2022 12:00:00 AM", at(2022, 2, 17, 0, 0, 0, 0)},
		{"02/17/2022 12:00:00 PM", at(2022, 2, 17, 12, 0, 0, 0)},
		{"10/25/2023, 9:43:21.990 AM", at(2023, 10, 25, 9, 43, 21, 9900000)},
		{"10/25/2023, 9:43:21.990\u202fpm", at(2023, 10, 25, 21, 43, 21, 9900000)},
		{"1/2/2023 13:04:05", at(2023, 1, 2, 13, 4, 5, 0)},
	} {
		if got, ok := ParseTime([]byte(c.text)); !ok || got != c.want {
			t.Errorf("ParseTime(%q) = %d, %v; want %d", c.text, got, ok, c.want)
		}
	}
}

func TestParseTimeRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "-", ".", "--1", "abc", "null", "1.", ".5", "1,5", "0x10", "12 ", " 12", "-62135596800.1", "999999999999999999999999",
		"2023-", "2023-13-01", "2023-00-01", "2023-01-00", "2023-02-29", "1900-02-29", "2023-04-31", "2023-06-31",
		"0000-01-01", "2023-01-01T", "2023-01-01T24:00:00Z", "2023-01-01T23:60:00Z", "2023-01-01T23:59:60Z", "2023-01-01T23:59:5Z",
		"2023-01-01T23:59:59.Z", "2023-01-01T23:59:59X", "2023-01-01T23:59:59+", "2023-01-01T23:59:59+1", "2023-01-01T23:59:59+24:00",
		"2023-01-01T23:59:59+01:60", "2023-01-01T23:59:59+01:0", "2023-01-01T23:59:59+01:000", "2023-01-01x00:00:00",
		"9999-12-31T23:59:59-00:01", "0001-01-01T00:00:00+00:01",
		"02/30/2023 00:00:00", "02/17/2022 13:00:00 PM", "02/17/2022 00:00:00 AM",
		"02/17/2022 25:00:00 PM", "02/17/2022 01:00:00 XM", "0//////",
	} {
		if got, ok := ParseTime([]byte(text)); ok || got != NoTime {
			t.Errorf("ParseTime(%q) = %d, %v; want none", text, got, ok)
		}
	}
}

// anyTime returns an instant of the years 1 to 9999, to 100 ns.
func anyTime(r *rand.Rand) Time {
	sec := minSeconds + r.Int64N(maxSeconds-minSeconds)
	return Time(sec)*Second + Time(r.Int64N(int64(Second)))
}

func TestEpochReadsBackExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		want := anyTime(r)
		text := want.Epoch()
		if got, ok := ParseTime([]byte(text)); !ok || got != want {
			t.Fatalf("%d is written %q and read %d, %v", want, text, got, ok)
		}
		if got := want.Std(); got.Unix()*1e7+int64(got.Nanosecond()/100) != int64(want) {
			t.Fatalf("%d is %v", want, got)
		}
	}
	for _, c := range []struct {
		t    Time
		text string
	}{{NoTime, ""}, {1, "0.0000001"}, {-1, "-0.0000001"}, {Second, "1"}, {Second + 1000000, "1.1"}, {12*Second + 10, "12.000001"}} {
		if got := c.t.Epoch(); got != c.text {
			t.Errorf("%d is written %q, want %q", c.t, got, c.text)
		}
	}
}

func TestParseTimeAgreesWithTheStandardLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 5_000 {
		std := anyTime(r).Std().In(time.FixedZone("", (r.IntN(47)-23)*1800))
		if std.Year() < 1 || std.Year() > 9999 {
			continue
		}
		text := std.Format("2006-01-02T15:04:05.999999999Z07:00")
		parsed, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := ParseTime([]byte(text)); !ok || !got.Std().Equal(parsed) {
			t.Fatalf("ParseTime(%q) = %v, %v", text, got.Std(), ok)
		}
	}
}

func TestGap(t *testing.T) {
	for _, c := range []struct {
		a, b Time
		want int64
	}{
		{NoTime, 5 * Second, 0},
		{5 * Second, NoTime, 0},
		{5 * Second, 8*Second - 1, 2},
		{8 * Second, 5 * Second, 3},
		{minSeconds * Second, maxSeconds * Second, maxSeconds - minSeconds},
		{1, 1_000_000_000 * Second, 999_999_999}, // beyond the whole numbers of a float64
	} {
		if got := Gap(c.a, c.b); got != c.want {
			t.Errorf("Gap(%d, %d) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, s := range []string{"1627354345.934", "2023-06-01T14:03:57.7104652Z", "02/17/2022 02:15:47 AM", "2023-01-01T00:00:00+23:59", "-0", "0////", "055555.55"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := ParseTime([]byte(s))
		if !ok {
			if got != NoTime {
				t.Fatalf("refused, yet %d", got)
			}
			return
		}
		if y := got.Std().Year(); y < 1 || y > 9999 {
			t.Fatalf("%q is in the year %d", s, y)
		}
		// What five digits of seconds in 1970 look like are a spreadsheet's days.
		_, _, days := serialTime([]byte(got.Epoch()))
		if again, _ := ParseTime([]byte(got.Epoch())); again != got && !days {
			t.Fatalf("%q is %d, written %q, read %d", s, got, got.Epoch(), again)
		}
		if std, err := time.Parse(time.RFC3339Nano, s); err == nil && !std.Truncate(100).Equal(got.Std()) {
			t.Fatalf("%q is %v here and %v there", s, got.Std(), std)
		}
	})
}

func ExampleParseTime() {
	t, _ := ParseTime([]byte("2014-06-11T08:19:59.000-0700"))
	fmt.Println(t.Epoch())
	// Output: 1402499999
}

// Days are counted as Go's own calendar does, through every month end and leap year
// that a time may have.
func TestDaysAgainstTheCalendar(t *testing.T) {
	for day := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 10_000; day = day.AddDate(0, 0, 1) {
		year, month, date := int64(day.Year()), int64(day.Month()), int64(day.Day())
		if got, want := days(year, month, date), day.Unix()/86_400; got != want {
			t.Fatalf("days(%d, %d, %d) = %d, want %d", year, month, date, got, want)
		}
		if last := day.AddDate(0, 0, 1).Month() != day.Month(); last != (date == daysIn(year, month)) {
			t.Fatalf("%d-%d has %d days", year, month, daysIn(year, month))
		}
	}
}
