package plugins

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// Opened are the plugins that one run uses. A plugin that fails costs what it would
// have told, and a warning, never the run. A nil Opened is that of a run without any.
type Opened struct {
	installed Installed
	schemas   *schema.Set
	mappers   []Running // those that have to read rows
	enrichers []*enricher
	closing   sync.WaitGroup

	failed   error // of the mappers
	mu       sync.Mutex
	said     []string
	warnings []string
	losses   []schema.Loss // by mapper
	closed   bool
}

// Open opens the mappers and asks them for their mappings, after which most are not
// needed any more. Enrichers are opened by StartEnrichers. The caller must Close what
// comes back.
func (in Installed) Open(mappers []string) *Opened {
	o := &Opened{installed: in, schemas: schema.BuiltIn()}
	var further []schema.Schema
	for _, name := range mappers {
		s, err := o.mapper(name)
		if err != nil {
			o.warn("%v: events that only it reads are counted as other", err)
			o.failed = errors.Join(o.failed, err)
			continue
		}
		further = append(further, s)
	}
	if len(further) > 0 {
		o.schemas, _ = schema.With(further...) // each has been found to compile
	}
	return o
}

// mapper opens a mapper and returns its schema.
func (o *Opened) mapper(name string) (s schema.Schema, err error) {
	p, err := o.installed.Start(name, o.say)
	if err != nil {
		return s, err
	}
	s, err = schemaOf(name, p)
	if err == nil && slices.ContainsFunc(s.Tables, func(t schema.Table) bool { return t.By != nil }) {
		o.mappers = append(o.mappers, p)
		return s, nil
	}
	o.closing.Go(func() { _ = p.Close() }) // it has told all that it knows
	return s, err
}

func schemaOf(name string, p Running) (s schema.Schema, err error) {
	m, err := p.Mapping(context.Background())
	if err != nil {
		return s, err
	}
	s, err = Schema(name, m, func(table string) schema.RowsReader { return rowsReader(context.Background(), p, table) })
	if err == nil {
		_, err = schema.With(s)
	}
	if err != nil {
		return s, fmt.Errorf("plugin %s: its mapping cannot be used: %w", name, err)
	}
	return s, nil
}

// Schemas returns the schemas to read events with: the built-in ones and those of the
// mappers.
func (o *Opened) Schemas() *schema.Set {
	if o == nil {
		return schema.BuiltIn()
	}
	return o.schemas
}

// Judge has everything that trees show judged by the enrichers, and writes the best
// verdicts into them.
func (o *Opened) Judge(trees []row.Tree) {
	if o != nil && len(o.enrichers) > 0 {
		o.judge(trees)
	}
}

// Lost tells what mappers cost one of the run's readers. Messages tells it for all of
// them together.
func (o *Opened) Lost(losses []schema.Loss) {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, loss := range losses {
		i := slices.IndexFunc(o.losses, func(l schema.Loss) bool { return l.Mapper == loss.Mapper })
		if i < 0 {
			o.losses = append(o.losses, loss)
			continue
		}
		sum := &o.losses[i]
		sum.Lost += loss.Lost
		sum.Malformed += loss.Malformed
		sum.Err = cmp.Or(sum.Err, loss.Err)
	}
}

// lossWarnings says what each mapper cost.
func (o *Opened) lossWarnings() (warnings []string) {
	for _, loss := range o.losses {
		if loss.Lost > 0 {
			warnings = append(warnings, fmt.Sprintf("%v: because of it, malformed counts %d events that mapper=%s was to read", loss.Err, loss.Lost, loss.Mapper))
		}
		if loss.Malformed > 0 {
			warnings = append(warnings, fmt.Sprintf("mapper=%s: malformed counts %d events that it recognises, and in which it finds no device, process or destination", loss.Mapper, loss.Malformed))
		}
	}
	return warnings
}

// Err says which mappers could not be opened, and why; nil when all were.
func (o *Opened) Err() error {
	if o == nil {
		return nil
	}
	return o.failed
}

// Messages returns what the plugins said, and what is unknown because of them. None is
// there twice.
func (o *Opened) Messages() (said, warnings []string) {
	if o == nil {
		return nil, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return distinct(o.said), distinct(append(slices.Clone(o.warnings), o.lossWarnings()...))
}

func distinct(texts []string) (out []string) {
	for _, text := range texts {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// Close ends the plugins. Closing again does nothing more.
func (o *Opened) Close() {
	if o == nil {
		return
	}
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	for _, p := range o.mappers {
		_ = p.Close() // one that had to be killed did its work
	}
	for _, e := range o.enrichers {
		e.close()
	}
	o.closing.Wait()
}

func (o *Opened) isClosed() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closed
}

func (o *Opened) say(line string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, text, found := strings.Cut(line, ": "); found && strings.HasPrefix(text, plugin.WarningMark) {
		o.warnings = append(o.warnings, strings.Replace(line, plugin.WarningMark, "", 1))
		return
	}
	o.said = append(o.said, line)
}

func (o *Opened) warn(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.warnings = append(o.warnings, fmt.Sprintf(format, args...))
}

// Mapping asks a mapper for its mapping and checks that the program can use it. It is
// for trying a plugin.
func Mapping(name string, p Running) (plugin.Mapping, error) {
	if _, err := schemaOf(name, p); err != nil {
		return plugin.Mapping{}, err
	}
	return p.Mapping(context.Background())
}
