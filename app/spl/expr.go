package spl

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// expr gives a value for a row.
type expr func(*run, Row) (Value, error)

// parser reads expressions of eval and where.
type parser struct {
	list []token
	at   int
	used []string // fields, in the order in which they are named
}

// parseExpr reads a whole expression.
func parseExpr(s string) (expr, error) {
	p, err := newParser(s)
	if err != nil {
		return nil, err
	}
	e, err := p.or()
	if err == nil && p.peek().kind != end {
		err = fmt.Errorf("%q stands behind a whole expression", p.peek().text)
	}
	return e, err
}

func newParser(s string) (*parser, error) {
	list, err := tokens(s)
	return &parser{list: list}, err
}

func (p *parser) peek() token { return p.list[p.at] }

// take takes the next token if it is one of those: signs, or words in any case.
func (p *parser) take(texts ...string) (string, bool) {
	t := p.peek()
	name := t.text
	if t.kind == word {
		name = strings.ToUpper(name)
	}
	if (t.kind == sign || t.kind == word) && slices.Contains(texts, name) {
		p.at++
		return name, true
	}
	return "", false
}

func (p *parser) want(s string) error {
	if _, there := p.take(s); !there {
		return fmt.Errorf("%q is missing before %q", s, p.peek().text)
	}
	return nil
}

// left reads operators of one rank, which bind to the left.
func (p *parser) left(next func() (expr, error), apply func(op string) binary, ops ...string) (expr, error) {
	e, err := next()
	for err == nil {
		op, there := p.take(ops...)
		if !there {
			return e, nil
		}
		var right expr
		if right, err = next(); err == nil {
			e = both(e, right, apply(op))
		}
	}
	return nil, err
}

// binary is an operator of two values.
type binary func(a, b Value) (Value, error)

func both(left, right expr, apply binary) expr {
	return func(r *run, row Row) (Value, error) {
		a, err := left(r, row)
		if err != nil {
			return Value{}, err
		}
		b, err := right(r, row)
		if err != nil {
			return Value{}, err
		}
		return apply(a, b)
	}
}

func (p *parser) or() (expr, error) {
	return p.left(p.and, func(string) binary { return truths(func(a, b bool) bool { return a || b }) }, "OR")
}

func (p *parser) and() (expr, error) {
	return p.left(p.not, func(string) binary { return truths(func(a, b bool) bool { return a && b }) }, "AND")
}

func (p *parser) not() (expr, error) {
	if _, there := p.take("NOT"); !there {
		return p.comparison()
	}
	e, err := p.not()
	if err != nil {
		return nil, err
	}
	return func(r *run, row Row) (Value, error) {
		v, err := e(r, row)
		return truthOf(!v.holds()), err
	}, nil
}

func truths(apply func(a, b bool) bool) binary {
	return func(a, b Value) (Value, error) {
		if a.is == text || b.is == text {
			return Value{}, errors.New("AND and OR take conditions, not texts")
		}
		return truthOf(apply(a.holds(), b.holds())), nil
	}
}

func (p *parser) comparison() (expr, error) {
	return p.left(p.sum, compareBy, "==", "!=", "<=", ">=", "=", "<", ">")
}

func (p *parser) sum() (expr, error) { return p.left(p.product, arithmetic, "+", "-") }

func (p *parser) product() (expr, error) { return p.left(p.join, arithmetic, "*", "/", "%") }

func (p *parser) join() (expr, error) {
	return p.left(p.factor, func(string) binary { return concatenate }, ".")
}

func (p *parser) factor() (expr, error) {
	t := p.peek()
	p.at++
	switch {
	case t.kind == quoted:
		return constant(textOf(t.text)), nil
	case t.kind == digits:
		f, err := strconv.ParseFloat(t.text, 64)
		return constant(numberOf(f)), err
	case t.kind == field:
		return p.field(t.text), nil
	case t.kind == word:
		if _, called := p.take("("); called {
			return p.call(t.text)
		}
		return p.field(t.text), nil
	case t.kind == sign && t.text == "(":
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		return e, p.want(")")
	case t.kind == sign && t.text == "-":
		e, err := p.factor()
		if err != nil {
			return nil, err
		}
		return both(constant(numberOf(0)), e, arithmetic("-")), nil
	}
	p.at--
	return nil, fmt.Errorf("a value is missing before %q", t.text)
}

func constant(v Value) expr { return func(*run, Row) (Value, error) { return v, nil } }

func (p *parser) field(name string) expr {
	p.used = append(p.used, name)
	return func(_ *run, row Row) (Value, error) { return manyOf(row[name]), nil }
}

// call reads the arguments of a function.
func (p *parser) call(name string) (expr, error) {
	f, known := functions[name]
	if !known {
		return nil, fmt.Errorf("there is no function %s here", name)
	}
	before := len(p.used)
	args, err := p.arguments()
	if err != nil {
		return nil, err
	}
	if len(args) < f.least || len(args) > f.most {
		return nil, fmt.Errorf("%s takes %d to %d arguments, not %d", name, f.least, f.most, len(args))
	}
	if f.each != nil {
		return forEach(name, f.each, p.used[before:], args)
	}
	return func(r *run, row Row) (Value, error) {
		v, err := f.of(r, row, args)
		if err != nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
		return v, err
	}, nil
}

func (p *parser) arguments() (args []expr, err error) {
	if _, none := p.take(")"); none {
		return nil, nil
	}
	for more := true; more; _, more = p.take(",") {
		arg, err := p.or()
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
	}
	return args, p.want(")")
}

// forEach is mvmap and mvfilter: the last argument is asked for each value of the field
// that is named first, which of mvfilter has to be the only one.
func forEach(name string, keep func(was, is Value) Value, used []string, args []expr) (expr, error) {
	if len(used) == 0 || len(args) == 1 && len(distinct(used)) > 1 {
		return nil, fmt.Errorf("%s goes over the values of one field, not of %q", name, used)
	}
	return func(r *run, row Row) (Value, error) {
		var all []string
		for _, value := range row[used[0]] {
			one := maps.Clone(row)
			one[used[0]] = []string{value}
			v, err := args[len(args)-1](r, one)
			if err != nil {
				return Value{}, fmt.Errorf("%s: %w", name, err)
			}
			all = append(all, keep(textOf(value), v).texts...)
		}
		return manyOf(all), nil
	}, nil
}

// compareBy compares; of several values one has to fit, and null compares with nothing.
func compareBy(op string) binary {
	return func(a, b Value) (Value, error) {
		if a.is == truth || b.is == truth {
			return Value{}, fmt.Errorf("%s compares values, not conditions", op)
		}
		for _, x := range a.texts {
			for _, y := range b.texts {
				if ordered(op, compare(x, y)) {
					return truthOf(true), nil
				}
			}
		}
		if a.is == null || b.is == null {
			return Value{}, nil
		}
		return truthOf(false), nil
	}
}

func ordered(op string, c int) bool {
	switch op {
	case "!=":
		return c != 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	}
	return c == 0
}

// arithmetic is null where one side is no number.
func arithmetic(op string) binary {
	return func(a, b Value) (Value, error) {
		x, okX := a.number()
		y, okY := b.number()
		switch {
		case !okX || !okY || (op == "/" || op == "%") && y == 0:
			return Value{}, nil
		case op == "+":
			return numberOf(x + y), nil
		case op == "-":
			return numberOf(x - y), nil
		case op == "*":
			return numberOf(x * y), nil
		case op == "/":
			return numberOf(x / y), nil
		}
		return numberOf(float64(int64(x) % int64(y))), nil
	}
}

// concatenate is null where one side is, as in Splunk: such a field goes missing whole.
func concatenate(a, b Value) (Value, error) {
	if a.is != text || b.is != text {
		return Value{}, nil
	}
	return textOf(a.string() + b.string()), nil
}
