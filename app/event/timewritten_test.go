package event

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestReadsTimesAsProgramsWriteThem(t *testing.T) {
	want := at(2026, 3, 25, 21, 4, 7, 2500000)
	whole, minute, day := want-2500000, want-7*Second-2500000, at(2026, 3, 25, 0, 0, 0, 0)
	for _, c := range []struct {
		text string
		want Time
	}{
		// Numbers of every unit.
		{"1774472647250", want}, {"1774472647250.0", want}, {"1774472647250000", want}, {"1774472647250000000", want},
		{"1.77447264725E12", want}, {"1.774472647e+09", whole}, {"134189462472500000", want}, {"639100694472500000", want},
		{"/Date(1774472647250)/", want}, {`\/Date(1774472647250+0100)\/`, want}, {"new Date(1774472647250)", want},
		{"1774472647,250", want}, {"20260325T210407.25Z", want}, {"20260325T220407.25+0100", want}, {"20260325210407.250000+000", want},
		{"20260325220407.250000+060", want}, {"20260325133407.250000-450", want}, {"20260325210407", whole}, {"20260325210407250", want}, {"20260325_210407", whole},
		{"46106,877861690", want}, {"46106.877861690", want},
		// Browsers' own, by language.
		{"Mar 25, 2026 9:04:07.250 PM", want}, {"Mar 25, 2026, 9:04:07 PM", whole}, {"Mar 25, 2026 @ 21:04:07.250", want},
		{"25.03.2026, 21:04:07.250", want}, {"25.3.2026 21:04:07", whole}, {"25. 03. 2026 21:04:07", whole},
		{"25/03/2026, 21:04:07.250", want}, {"25-03-2026 21:04:07", whole}, {"25/03/2026, 9:04:07 p.m.", whole},
		{"25/3/2026, 9:04:07\u00a0p.\u00a0m.", whole}, {"3/25/2026, 9:04:07\u202fPM", whole}, {"\u200e3\u200e/\u200e25\u200e/\u200e2026\u200e \u200e9\u200e:\u200e04\u200e:\u200e07\u200e \u200ePM", whole},
		{"2026/03/25 21:04:07", whole}, {"2026/3/25 21:04:07.25", want}, {"25.03.2026 21.04.07", whole},
		{"2026-03-25, 9:04:07 p.m.", whole}, {"2026-03-25T21:04:07,250Z", want}, {"2026-03-25 22:04:07,250 +0100", want},
		{"25 mars 2026 21:04:07", whole}, {"25 de mar. de 2026, 21:04:07", whole}, {"25. März 2026 um 21:04:07", whole},
		{"25 mrt. 2026 21:04:07", whole}, {"25 marzo 2026 21:04:07", whole},
		{"25 mars 2026 à 21:04:07,250", want}, {"25 mar. 2026 kl. 21.04.07", whole}, {"2026. 03. 25. 21:04:07", whole}, {"25 de março de 2026 às 21:04:07", whole},
		{"2026年03月25日 21:04:07", whole}, {"2026/3/25 下午9:04:07", whole}, {"2026年3月25日 下午9:04", minute}, {"2026年3月25日 21時04分07秒", whole},
		{"2026. 3. 25. 오후 9:04:07", whole}, {"2026년 3월 25일 오후 9:04:07", whole}, {"2026/03/25 午後9:04:07.250", want}, {"2026/3/26 上午0:04:07", whole + 3*3600*Second},
		// Mail, shells, databases.
		{"25/Mar/2026:21:04:07 +0000", whole}, {"25/Mar/2026:22:04:07 +0100", whole}, {"2026-03-25 21:04:07.25 +0000 UTC", want}, {"2026-03-25 22:04:07.25 +0100 CET", want},
		{"March 25th 2026, 21:04:07.250", want}, {"25th March 2026 21:04:07", whole}, {"Mar 25 2026  9:04:07:250PM", want},
		{"2026-03-25T22:04:07.250+01:00[Europe/Berlin]", want}, {"2026-03-25T21:04:07.250Z[UTC]", want},
		{"Wed, 25 Mar 2026 21:04:07 GMT", whole}, {"Wed, 25 Mar 2026 16:04:07 -0500", whole}, {"Wed Mar 25 21:04:07 2026", whole},
		{"Wed Mar 25 22:04:07 CET 2026", whole}, {"Wed Mar 25 2026 22:04:07 GMT+0100 (Central European Standard Time)", whole},
		{"Wednesday, March 25, 2026 9:04:07 PM", whole}, {"Mittwoch, 25. März 2026 21:04:07", whole}, {"25-Mar-2026 21:04:07", whole},
		{"25-MAR-26 21:04:07", whole}, {"2026-Mar-25 21:04:07", whole}, {"25/Mar/2026 21:04:07 UTC", whole},
		{"March 25, 2026 at 9:04 PM", minute}, {"3/25/26 21:04", minute}, {"25.03.26 21:04", minute}, {"03/25/2026", day}, {"25 Mar 2026", day},
	} {
		if got, ok := ParseTime([]byte(c.text)); !ok || got != c.want {
			t.Errorf("ParseTime(%q) = %v (%d), %v; want %v", c.text, got.Std(), got, ok, c.want.Std())
		}
	}
}

func TestRefusesWhatIsNoTime(t *testing.T) {
	for _, text := range []string{
		"00:01.3", "21:04:07", "today", "yesterday 9:00", "Mar 2026", "Mar 25 21:04:07", "25/03", "25/03/2026 21", "32.03.2026 21:04:07",
		"25.13.2026 21:04:07", "31.04.2026 21:04:07", "25.03.2026 25:04:07", "25.03.2026 13:04:07 PM", "Wed Mar 25 21:04:07 IST 2026",
		"25.03/2026 21:04:07", "/Date()/", "/Date(12", "/Date(x)/", "2026-03-25T21:04:07Z and more", strings.Repeat("1 ", 200), "1.5.5", "1e400", "NaN",
		"Infinity", "-9223372036854775808", "Mar 25 2026 21:04:07 something", "20261325T210407Z", "20260325T250407Z", "20260325210407+9", "2026年13月25日 21:04:07",
		"2026/3/25 下午13:04:07", "5,012,5", "2026-03-25T21:04:07[Europe/Berlin", "月25日 21:04:07", "\xff\xfe\xfd\xfc\xfb\xfa",
	} {
		if got, ok := ParseTime([]byte(text)); ok {
			t.Errorf("ParseTime(%q) = %v; want none", text, got.Std())
		}
	}
}

func TestSaysWhatANotationLeavesOpen(t *testing.T) {
	for _, c := range []struct {
		text  string
		order DateOrder
		day   int
		month time.Month
		want  Doubt
	}{
		{"05/06/2026 10:00:00", AnyOrder, 6, 5, DayOrMonth | NoZone},
		{"05/06/2026 10:00:00", DayFirst, 5, 6, NoZone},
		{"05/06/2026 10:00:00", MonthFirst, 6, 5, NoZone},
		{"05-06-2026 10:00:00 UTC", AnyOrder, 6, 5, DayOrMonth},
		{"13/06/2026 10:00:00", AnyOrder, 13, 6, IsDayFirst | NoZone},
		{"13/06/2026 10:00:00", MonthFirst, 13, 6, IsDayFirst | NoZone},
		{"06/13/2026 10:00:00", DayFirst, 13, 6, IsMonthFirst | NoZone},
		{"06/06/2026 10:00:00", AnyOrder, 6, 6, NoZone},
		{"05.06.2026 10:00:00", MonthFirst, 5, 6, NoZone},
		{"05.06.2026 10:00", AnyOrder, 5, 6, NoZone | NoSeconds},
		{"2026/05/06 10:00:00", DayFirst, 6, 5, NoZone},
		{"2026-05-06T10:00Z", AnyOrder, 6, 5, NoSeconds},
		{"2026-05-06 10:00:00.000", AnyOrder, 6, 5, NoZone},
		{"May 6, 2026 10:00:00 AM", DayFirst, 6, 5, NoZone},
		{"1780000000", AnyOrder, 28, 5, 0},
	} {
		got, doubt, ok := c.order.Read([]byte(c.text))
		if day, month := got.Std().Day(), got.Std().Month(); !ok || day != c.day || month != c.month || doubt != c.want {
			t.Errorf("%d.Read(%q) = day %d of %v, doubt %b, %v; want day %d of %v, doubt %b", c.order, c.text, day, month, doubt, ok, c.day, c.month, c.want)
		}
	}
	if got, _, ok := AnyOrder.Read([]byte("05/06/2026 10:00 +0200")); ok {
		t.Errorf("a date that nobody could exchange later is read %v", got.Std())
	}
	if _, _, ok := DayFirst.Read([]byte("05/06/2026 10:00 +0200")); !ok {
		t.Error("a date with an offset is not read although its order is known")
	}
}

// Whatever order a date of numbers is written in, exchanging what was read the other way
// round gives what was meant.
func TestExchangedUndoesTheOtherOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		want := Time(r.Int64N(4_000_000_000))*Second + Time(r.Int64N(int64(Second)))
		std := want.Std()
		text := fmt.Sprintf("%02d/%02d/%d %s", std.Day(), int(std.Month()), std.Year(), std.Format("15:04:05.0000000"))
		got, doubt, ok := AnyOrder.Read([]byte(text))
		if doubt&DayOrMonth != 0 {
			got = Exchanged(got)
		}
		if !ok || got != want || Exchanged(Exchanged(got)) != got {
			t.Fatalf("%s is read as %v (doubt %b, %v), want %v", text, got.Std(), doubt, ok, std)
		}
	}
	if Exchanged(NoTime) != NoTime || Exchanged(at(2026, 3, 25, 1, 2, 3, 4)) != at(2026, 3, 25, 1, 2, 3, 4) {
		t.Error("what makes no date is changed")
	}
}

func FuzzReadTime(f *testing.F) {
	for _, text := range []string{"Mar 25, 2026 @ 21:04:07.250", "25.03.2026, 21:04", "1.5e12", "/Date(1)/", "Wed Mar 25 22:04:07 CET 2026"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := string(text)
		got, _, ok := AnyOrder.Read(text)
		if !ok && got != NoTime {
			t.Errorf("%q is no time and yet %d", text, got)
		}
		if got < minSeconds*Second || got >= (maxSeconds+1)*Second || string(text) != before {
			t.Errorf("%q is read as %d, and is %q then", before, got, text)
		}
	})
}
