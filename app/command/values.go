package command

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// oneOf stores the value that text names, in whatever case.
func oneOf[T ~string](field func(*Options) *T, values ...T) func(*Options, string) error {
	return func(o *Options, text string) (err error) {
		*field(o), err = choose(text, values...)
		return err
	}
}

func choose[T ~string](text string, values ...T) (T, error) {
	for _, v := range values {
		if strings.EqualFold(text, string(v)) {
			return v, nil
		}
	}
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return "", fmt.Errorf("%s is not one of %s%s", show(text), strings.Join(list, ", "), Suggestion(text, list...))
}

func wholeOf(least int, field func(*Options) *int) func(*Options, string) error {
	return func(o *Options, text string) (err error) {
		*field(o), err = parseWhole(text, least)
		return err
	}
}

// parseWhole reads a number from least to the greatest 32-bit one: enough for any
// count here, and the same on every machine.
func parseWhole(text string, least int) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	switch {
	case err == nil && int(n) >= least:
		return int(n), nil
	case text != "" && strings.Trim(text, "0123456789") == "" && int(n) >= least:
		return 0, fmt.Errorf("%s is greater than %d", show(text), math.MaxInt32)
	}
	return 0, fmt.Errorf("%s is not a whole number of %d or more", show(text), least)
}

// setNow reads the time in the two notations that nobody can take for another: in which order
// events have day and month says nothing of what is typed here.
func setNow(o *Options, text string) error {
	now, ok := event.ParseTime([]byte(text))
	if !ok || now <= event.NoTime || !isEpoch(text) && !isISO(text) {
		return fmt.Errorf("%s is not a time: accepted are epoch seconds after 1970 (1685628237.71) and ISO 8601 (2023-06-01T14:03:57Z)", show(text))
	}
	o.Now = now
	return nil
}

// isEpoch reports whether a text is a number that nobody means as a year, a spreadsheet's day or
// a date in digits.
func isEpoch(text string) bool {
	seconds, part, _ := strings.Cut(text, ".")
	isDigits := seconds != "" && strings.Trim(seconds+part, "0123456789") == ""
	return isDigits && len(seconds) != len("2026") && len(seconds) != len("46346") && len(seconds) != len("20261120")
}

// isISO reports whether a text begins with the year, the month and the day, with hyphens between
// or as digits before a T.
func isISO(text string) bool {
	day, _, _ := strings.Cut(strings.ReplaceAll(text, " ", "T"), "T")
	switch digits := strings.ReplaceAll(day, "-", ""); {
	case len(digits) != len("20060102") || strings.Trim(digits, "0123456789") != "":
		return false
	case len(day) == len(digits):
		return len(text) > len(day) && text[len(day)] == 'T'
	default:
		return len(day) == len(time.DateOnly) && day[4] == '-' && day[7] == '-'
	}
}

// setDates takes the order of the numbers in a date.
func setDates(o *Options, text string) error {
	order, err := choose(text, "dmy", "mdy")
	o.Dates = map[string]event.DateOrder{"dmy": event.DayFirst, "mdy": event.MonthFirst}[order]
	return err
}

// setRaw accepts what Splunk accepts as a boolean.
func setRaw(o *Options, text string) error {
	switch strings.ToLower(text) {
	case "t", "true", "1", "yes":
		o.Raw = true
	case "f", "false", "0", "no":
		o.Raw = false
	default:
		return fmt.Errorf("%s is neither t, true, 1, yes nor f, false, 0, no%s", show(text), Suggestion(text, "true", "false", "yes"))
	}
	return nil
}

func setPhase(o *Options, text string) error {
	_, err := choose(text, "map")
	o.Map = err == nil
	return err
}

func wildcardsOf(field func(*Options) *Wildcards) func(*Options, string) error {
	return func(o *Options, text string) (err error) {
		*field(o), err = NewWildcards(literals(text))
		return err
	}
}

// textsOf stores the entries of a list that has a default; the word none empties it.
func textsOf(field func(*Options) *[]string) func(*Options, string) error {
	return func(o *Options, text string) error {
		*field(o) = nil
		if text != "none" {
			*field(o) = strings.Split(text, ",")
		}
		return nil
	}
}

func setAllowDest(o *Options, text string) (err error) {
	o.AllowDest, err = NewDestinations(literals(text))
	return err
}

// LeastMemory is the least that max_mem_mb may be: what a hunt takes at work on a
// handful of events, with room for the rows.
const LeastMemory = 64
