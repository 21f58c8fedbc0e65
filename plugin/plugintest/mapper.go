package plugintest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

type tables = map[string][]plugin.Row

var mapperChecks = []check[tables]{
	{"handshake", func(g target, _ tables) error { return handshake(g) }},
	{"the same mapping again", mappingAgain},
	{"samples for the plugin's tables", samplesFit},
	{"rows do not depend on the batch", eachTable(mapInOtherBatches)},
	{"empty batch", eachTable(mapNothing)},
	{"big batch", eachTable(mapMuch)},
	{"hostile rows", eachTable(mapHostile)},
}

func mapping(p *host.Plugin) (plugin.Mapping, error) { return p.Mapping(context.Background()) }

func mappingAgain(g target, _ tables) error {
	return g.with(func(p *host.Plugin) error {
		first, err := mapping(p)
		if err != nil {
			return err
		}
		return g.with(func(other *host.Plugin) error {
			for what, p := range map[string]*host.Plugin{"a second time": p, "after a new start": other} {
				again, err := mapping(p)
				if err != nil {
					return fmt.Errorf("%s: %w", what, err)
				}
				if !reflect.DeepEqual(first, again) {
					return fmt.Errorf("%s: the mapping is %+v, and it was %+v", what, again, first)
				}
			}
			return nil
		})
	})
}

// samplesFit checks that there are samples for just the tables with ByPlugin.
func samplesFit(g target, samples tables) error {
	return g.with(func(p *host.Plugin) error {
		m, err := mapping(p)
		if err != nil {
			return err
		}
		left := maps.Clone(samples)
		for _, table := range m.Tables {
			if table.ByPlugin && len(samples[table.Name]) < 2 {
				return fmt.Errorf("table %s has ByPlugin: plugintest.Mapper needs two samples or more for it", table.Name)
			}
			if table.ByPlugin {
				delete(left, table.Name)
			}
		}
		for name := range left {
			return fmt.Errorf("there are samples for the table %s, and the mapping has no such table with ByPlugin", name)
		}
		return nil
	})
}

// eachTable makes a check of what is to be tried with each table and the rows that
// its samples become.
func eachTable(try func(p *host.Plugin, table string, rows, want []plugin.Row) error) func(target, tables) error {
	return func(g target, samples tables) error {
		return g.with(func(p *host.Plugin) error {
			for table, rows := range samples {
				want, err := p.MapRows(context.Background(), table, rows)
				if err != nil {
					return err
				}
				if err := try(p, table, rows, want); err != nil {
					return fmt.Errorf("table %s: %w", table, err)
				}
			}
			return nil
		})
	}
}

// expectRows has rows mapped and compares.
func expectRows(p *host.Plugin, what, table string, rows, want []plugin.Row) error {
	got, err := p.MapRows(context.Background(), table, rows)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return same(what, rows, want, got, func(a, b plugin.Row) bool { return (a == nil) == (b == nil) && maps.Equal(a, b) })
}

func mapInOtherBatches(p *host.Plugin, table string, rows, want []plugin.Row) error {
	for i := range rows {
		if err := expectRows(p, "alone in its batch", table, rows[i:i+1], want[i:i+1]); err != nil {
			return err
		}
	}
	return errors.Join(
		expectRows(p, "a second time", table, rows, want),
		expectRows(p, "in the reverse order", table, reversed(rows), reversed(want)))
}

func mapNothing(p *host.Plugin, table string, _, _ []plugin.Row) error {
	return expectRows(p, "an empty batch", table, nil, nil)
}

func mapMuch(p *host.Plugin, table string, rows, want []plugin.Row) error {
	return expectRows(p, "in a big batch", table, repeated(rows, bigBatch), repeated(want, bigBatch))
}

// mapHostile puts hostile texts into each field of a sample in turn.
func mapHostile(p *host.Plugin, table string, rows, want []plugin.Row) error {
	hostile := append(make([]plugin.Row, 0, 1+len(rows[0])*len(hostileTexts)), plugin.Row{})
	for name := range rows[0] {
		for _, text := range hostileTexts {
			if len(text) > 1<<10 {
				text = text[:1<<16] // one row of the batch in each field: 16 MB would be too much
			}
			row := maps.Clone(rows[0])
			row[name] = text
			hostile = append(hostile, row)
		}
	}
	if _, err := p.MapRows(context.Background(), table, hostile); err != nil {
		return fmt.Errorf("a row with a bad value must become nil or do without it, and is no error: %w", err)
	}
	return expectRows(p, "after hostile ones", table, rows, want)
}
