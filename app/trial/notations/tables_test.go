package notations_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// tablesOf parts rows into tables with columns of their own, in an order of their own, as
// whoever puts exports of several searches into one file has them.
func tablesOf(t *testing.T, r *rand.Rand, rows [][]string) (tables [][]byte) {
	t.Helper()
	for len(rows) > 0 {
		n := min(len(rows), 1+r.IntN(25))
		order := r.Perm(len(worlds.CrowdedColumns))
		pick := func(row []string) (out []string) {
			for _, at := range order {
				out = append(out, row[at])
			}
			return out
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.UseCRLF = r.IntN(2) == 0
		err := w.Write(pick(worlds.CrowdedColumns))
		for _, row := range rows[:n] {
			err = errors.Join(err, w.Write(pick(row)))
		}
		if w.Flush(); errors.Join(err, w.Error()) != nil {
			t.Fatal(err)
		}
		if r.IntN(3) == 0 {
			b.WriteString("\n")
		}
		tables, rows = append(tables, b.Bytes()), rows[n:]
	}
	return tables
}

// Many tables in one file are the hunt of as many files, whether rows are read for their keys
// first or not.
func TestTablesInOneFileAreTheHuntOfMany(t *testing.T) {
	trees, again := 0, 0
	seeds := rounds.Of(12, 3)
	for seed := range seeds {
		r := rand.New(rand.NewPCG(uint64(seed), 23))
		var rows [][]string
		for world := range 20 {
			rows = append(rows, worlds.Crowded(uint64(1000+20*seed+world))...)
		}
		folder := t.TempDir()
		one := filepath.Join(folder, "one.csv")
		var many []string
		var all []byte
		for i, table := range tablesOf(t, r, rows) {
			many = append(many, filepath.Join(folder, fmt.Sprintf("%04d.csv", i)))
			if err := os.WriteFile(many[i], table, 0o600); err != nil {
				t.Fatal(err)
			}
			all = append(all, table...)
		}
		if err := os.WriteFile(one, all, 0o600); err != nil {
			t.Fatal(err)
		}
		want, events, _ := doors.SameTwice(t, doors.Everything, many...)
		got, same, read := doors.SameTwice(t, doors.Everything, one)
		doors.SameRows(t, "one file", got.Text, want.Text)
		if same != events {
			t.Errorf("%d events in one file, %d in %d files", same, events, len(many))
		}
		trees, again = trees+got.Ledger["trees"], again+read
	}
	if trees < 9*seeds || again < 9*seeds {
		t.Errorf("%d trees and %d rows read again: these worlds test little", trees, again)
	}
}
