package spl

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"
)

// function is a function of eval and where.
type function struct {
	least, most int // arguments
	of          func(r *run, row Row, args []expr) (Value, error)
	each        func(was, is Value) Value // of functions that go over the values of a field
}

const anyNumber = 1 << 10

// functions are those of the Search Reference's "Evaluation functions" that the app uses.
var functions map[string]function

// Functions call expressions, which are made of functions: Go takes that for a loop in a
// variable's value.
func init() {
	functions = map[string]function{
		"if":            {least: 3, most: 3, of: choose},
		"case":          {least: 2, most: anyNumber, of: choose},
		"coalesce":      {least: 1, most: anyNumber, of: coalesce},
		"null":          {least: 0, most: 0, of: func(*run, Row, []expr) (Value, error) { return Value{}, nil }},
		"true":          {least: 0, most: 0, of: func(*run, Row, []expr) (Value, error) { return truthOf(true), nil }},
		"now":           {least: 0, most: 0, of: func(r *run, _ Row, _ []expr) (Value, error) { return numberOf(float64(r.world.Now.Unix())), nil }},
		"isnull":        {least: 1, most: 1, of: plain(func(v []Value) Value { return truthOf(v[0].is == null) })},
		"isnotnull":     {least: 1, most: 1, of: plain(func(v []Value) Value { return truthOf(v[0].is != null) })},
		"len":           {least: 1, most: 1, of: onText(func(s string) Value { return numberOf(float64(len([]rune(s)))) })},
		"lower":         {least: 1, most: 1, of: onText(func(s string) Value { return textOf(strings.ToLower(s)) })},
		"trim":          {least: 1, most: 2, of: plain(trim)},
		"substr":        {least: 2, most: 3, of: plain(substr)},
		"round":         {least: 1, most: 2, of: plain(round)},
		"floor":         {least: 1, most: 1, of: onNumber(math.Floor)},
		"exp":           {least: 1, most: 1, of: onNumber(math.Exp)},
		"pow":           {least: 2, most: 2, of: plain(power)},
		"max":           {least: 1, most: anyNumber, of: plain(extreme(1))},
		"min":           {least: 1, most: anyNumber, of: plain(extreme(-1))},
		"tonumber":      {least: 1, most: 1, of: plain(tonumber)},
		"tostring":      {least: 1, most: 1, of: plain(func(v []Value) Value { return manyOf(v[0].texts) })},
		"strftime":      {least: 2, most: 2, of: plain(strftime)},
		"strptime":      {least: 2, most: 2, of: plain(strptime)},
		"replace":       {least: 3, most: 3, of: replace},
		"match":         {least: 2, most: 2, of: match},
		"split":         {least: 2, most: 2, of: plain(func(v []Value) Value { return split(v[0], v[1].string()) })},
		"mvcount":       {least: 1, most: 1, of: plain(mvcount)},
		"mvjoin":        {least: 2, most: 2, of: plain(func(v []Value) Value { return joined(v[0], v[1].string()) })},
		"mvindex":       {least: 2, most: 3, of: plain(mvindex)},
		"mvappend":      {least: 1, most: anyNumber, of: plain(func(v []Value) Value { return manyOf(flat(v)) })},
		"mvdedup":       {least: 1, most: 1, of: plain(func(v []Value) Value { return manyOf(distinct(v[0].texts)) })},
		"mvsort":        {least: 1, most: 1, of: plain(func(v []Value) Value { return manyOf(sorted(v[0].texts)) })},
		"mvmap":         {least: 2, most: 2, each: func(_, is Value) Value { return is }},
		"mvfilter":      {least: 1, most: 1, each: kept},
		"relative_time": {least: 2, most: 2, of: plain(relative)},
	}
}

// plain is a function of values alone.
func plain(f func([]Value) Value) func(*run, Row, []expr) (Value, error) {
	return func(r *run, row Row, args []expr) (Value, error) {
		values := make([]Value, len(args))
		for i, arg := range args {
			var err error
			if values[i], err = arg(r, row); err != nil {
				return Value{}, err
			}
		}
		return f(values), nil
	}
}

func onText(f func(string) Value) func(*run, Row, []expr) (Value, error) {
	return plain(func(v []Value) Value {
		if v[0].is != text {
			return Value{}
		}
		return f(v[0].string())
	})
}

func onNumber(f func(float64) float64) func(*run, Row, []expr) (Value, error) {
	return plain(func(v []Value) Value {
		if x, ok := v[0].number(); ok {
			return numberOf(f(x))
		}
		return Value{}
	})
}

// choose is if and case: conditions, each with the value for it; a last one alone is the
// value for the rest.
func choose(r *run, row Row, args []expr) (Value, error) {
	for i := 0; i+1 < len(args); i += 2 {
		condition, err := args[i](r, row)
		if err != nil {
			return Value{}, err
		}
		if condition.is == text {
			return Value{}, fmt.Errorf("argument %d is a text, not a condition", i+1)
		}
		if condition.holds() {
			return args[i+1](r, row)
		}
	}
	if len(args)%2 == 1 {
		return args[len(args)-1](r, row)
	}
	return Value{}, nil
}

func coalesce(r *run, row Row, args []expr) (Value, error) {
	for _, arg := range args {
		if v, err := arg(r, row); err != nil || v.is != null {
			return v, err
		}
	}
	return Value{}, nil
}

// kept is the value where the condition is met.
func kept(was, is Value) Value {
	if is.holds() {
		return was
	}
	return Value{}
}

// pattern compiles a regular expression; Splunk's are PCRE, of which Go knows the part
// that the app uses.
func pattern(r *run, row Row, arg expr) (*regexp.Regexp, error) {
	v, err := arg(r, row)
	if err != nil {
		return nil, err
	}
	compiled, err := regexp.Compile(v.string())
	if err != nil {
		return nil, fmt.Errorf("compiling %q: %w", v.string(), err)
	}
	return compiled, nil
}

// searched returns the text that a function looks for a pattern in, and the pattern: nil
// where there is no text.
func searched(r *run, row Row, args []expr) (Value, *regexp.Regexp, error) {
	v, err := args[0](r, row)
	if err != nil || v.is != text {
		return Value{}, nil, err
	}
	p, err := pattern(r, row, args[1])
	return v, p, err
}

// match looks for a pattern in a text; in several values, one has to have it.
func match(r *run, row Row, args []expr) (Value, error) {
	v, p, err := searched(r, row, args)
	if err != nil || p == nil {
		return Value{}, err
	}
	for _, s := range v.texts {
		if p.MatchString(s) {
			return truthOf(true), nil
		}
	}
	return truthOf(false), nil
}

func replace(r *run, row Row, args []expr) (Value, error) {
	v, p, err := searched(r, row, args)
	if err != nil || p == nil {
		return Value{}, err
	}
	with, err := args[2](r, row)
	if err != nil {
		return Value{}, err
	}
	template := regexp.MustCompile(`\\([0-9])`).ReplaceAllString(strings.ReplaceAll(with.string(), "$", "$$"), "$${$1}")
	return textOf(p.ReplaceAllString(v.string(), template)), nil
}

// strftimes are the parts of a time that the app's searches write.
var strftimes = strings.NewReplacer("%Y", "2006", "%m", "01", "%d", "02", "%H", "15", "%M", "04", "%S", "05", "%F", "2006-01-02", "%T", "15:04:05")

func strftime(v []Value) Value {
	seconds, ok := v[0].number()
	if !ok {
		return Value{}
	}
	return textOf(time.Unix(int64(math.Floor(seconds)), 0).UTC().Format(strftimes.Replace(v[1].string())))
}

// strptime is strftime the other way, in UTC.
func strptime(v []Value) Value {
	at, err := time.Parse(strftimes.Replace(v[1].string()), v[0].string())
	if err != nil {
		return Value{}
	}
	return numberOf(float64(at.Unix()))
}
