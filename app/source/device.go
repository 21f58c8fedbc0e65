package source

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// device stands for the device that no column of a table names: whoever saves the log of the
// machine at hand sees no need for its name. The zero device is none.
type device struct {
	field string // that has the device of an event
	name  []byte

	of, with *record.Layout // that of rows, and what it is with the field
}

// packings are the endings of files that are no part of a name.
var packings = []string{".gz", ".zst", ".csv", ".tsv", ".txt", ".log"}

// deviceOf returns what stands for the device in a table of a file.
func (c *cutting) deviceOf(columns []string) device {
	if c.unnamed == nil {
		return device{}
	}
	field := c.unnamed(columns)
	if field == "" {
		return device{}
	}
	name := filepath.Base(c.name)
	for slices.Contains(packings, strings.ToLower(filepath.Ext(name))) {
		name = strings.TrimSuffix(name, filepath.Ext(name))
	}
	return device{field: field, name: []byte(name)}
}

// stands has a row tell its device. It reports false where the row does.
func (d *device) stands(rec *record.Record) bool {
	slot := rec.Names().Slot(d.field)
	if d.field == "" || slot < 0 || rec.Has(slot) {
		return false
	}
	layout := rec.Layout()
	if layout != nil && (d.with == nil || d.of != layout) {
		d.of, d.with = layout, &record.Layout{Slots: append(slices.Clone(layout.Slots), slot)}
	}
	rec.Set(slot, d.name)
	if layout != nil {
		rec.SetLayout(d.with)
	}
	return true
}
