//go:build !windows

package hunt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/hold"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// spilled hunts in a folder with room for so many bytes of packed events in memory.
func spilled(t *testing.T, fleet string, limit hold.Limit) (rows, messages string, err error) {
	t.Helper()
	o, err := command.Parse([]string{"recent=all", "max_devices=0"})
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(Config{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	h.set.SetLimit(limit)
	lane, err := h.Lane()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Each(fleet, func(e source.Event) error {
		_, _ = lane.AddText(e.Text)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	result, err := h.Finish()
	if err != nil {
		return "", "", err
	}
	body, err := sink.Body(result.Columns, result.Rows)
	return string(body), fmt.Sprint(result.Messages), err
}

func fleetOn(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	config := sample.Config{Devices: 3, Days: 30, Seed: 5, Scale: 4, Format: sample.FormatSysmonXML}
	if _, err := sample.Generate(config, folder); err != nil {
		t.Fatal(err)
	}
	return folder
}

// What does not fit into memory comes back from the disk: the rows are the same
// bytes, and the folder is as it was. A disk that takes nothing more, and a folder that
// is not there, are one clear error each.
func TestSpilling(t *testing.T) {
	fleet := fleetOn(t)
	t.Run("changes nothing", func(t *testing.T) {
		folder := t.TempDir()
		want, _, err := spilled(t, fleet, hold.Limit{})
		if err != nil {
			t.Fatal(err)
		}
		got, messages, err := spilled(t, fleet, hold.Limit{Bytes: 1, Folder: folder})
		if err != nil {
			t.Fatal(err)
		}
		if got != want || strings.Count(want, "\n") < 100 {
			t.Errorf("%d bytes of rows with spilling, %d without", len(got), len(want))
		}
		if strings.Contains(messages, "spilled_mb=0") {
			t.Errorf("nothing was spilled: %s", messages)
		}
		if entries, err := os.ReadDir(folder); err != nil || len(entries) > 0 {
			t.Errorf("left behind: %v, %v", entries, err)
		}
	})
	t.Run("full disk", func(t *testing.T) {
		limitFiles(t, 1<<19) // half of what is written at a time
		_, _, err := spilled(t, fleet, hold.Limit{Bytes: 1, Folder: t.TempDir()})
		if !errors.Is(err, syscall.EFBIG) || !strings.Contains(err.Error(), "max_mem_mb") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("no folder", func(t *testing.T) {
		_, _, err := spilled(t, fleet, hold.Limit{Bytes: 1, Folder: filepath.Join(t.TempDir(), "gone")})
		if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "TMPDIR") {
			t.Errorf("error %v", err)
		}
	})
}

// limitFiles bounds the length of files during a test.
func limitFiles(t *testing.T, bytes uint64) {
	t.Helper()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Skip("no limit for files here:", err)
	}
	full := before
	full.Cur = bytes
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Skip("no limit for files here:", err)
	}
	t.Cleanup(func() { _ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before) })
}
