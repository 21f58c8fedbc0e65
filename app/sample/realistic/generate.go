package realistic

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// Summary counts what Generate wrote.
type Summary struct {
	sample.Summary
	Channels int // planted
	Runs     int // of planted channels: rows of KeyFile
	Tail     int // rare benign kinds that are there from the beginning
}

// Generate writes the fleet of cfg into dir, which is made if need be, with the key and
// README.txt. It refuses a folder that already holds anything.
func Generate(cfg Config, dir string) (Summary, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return Summary{}, err
	}
	if err := sample.Prepare(dir); err != nil {
		return Summary{}, err
	}
	sum, err := generate(newWorld(cfg), dir)
	if err != nil {
		return sum, fmt.Errorf("generating a realistic sample in %s: %w", dir, err)
	}
	return sum, nil
}

func generate(w *world, dir string) (sum Summary, err error) {
	key, err := newKeyWriter(dir, w)
	if err != nil {
		return sum, err
	}
	installs, err := newInstallKey(dir, w)
	if err != nil {
		return sum, errors.Join(err, key.close())
	}
	injections, err := newInjectionKey(dir, w)
	if err != nil {
		return sum, errors.Join(err, key.close(), installs.close())
	}
	figures := newFigures(w)
	sum.Summary, err = sample.WriteEvents(w.plain(), dir, func(write func(*sample.History) error) error {
		return w.each(func(m *machine, h *sample.History) error {
			figures.add(m, h)
			return errors.Join(write(h), key.add(m, h), installs.add(m, h), injections.add(m, h))
		})
	})
	sum.Channels, sum.Runs, sum.Tail = len(w.plants), key.count, w.count("tail")
	if err = errors.Join(err, key.close(), installs.close(), injections.close()); err != nil {
		return sum, err
	}
	return sum, os.WriteFile(filepath.Join(dir, "README.txt"), []byte(readme(w, sum, figures)), 0o644)
}

// each simulates one device after another and gives it to do. While do is at one, the
// next is made, no more: memory stays that of three devices.
func (w *world) each(do func(*machine, *sample.History) error) error {
	type made struct {
		m *machine
		h *sample.History
	}
	devices, stop := make(chan made, 1), make(chan struct{})
	defer close(stop)
	go func() {
		defer close(devices)
		for i := range w.cfg.Devices {
			m, h := simulate(w, i)
			select {
			case devices <- made{m, h}:
			case <-stop:
				return
			}
		}
	}()
	for d := range devices {
		if err := do(d.m, d.h); err != nil {
			return err
		}
	}
	return nil
}

// plain is the configuration as package sample needs it to write events.
func (w *world) plain() sample.Config {
	return sample.Config{Devices: w.cfg.Devices, Days: float64(w.cfg.Days), Seed: w.cfg.Seed, Format: w.cfg.Format, End: w.cfg.End, OneFile: w.cfg.OneFile, Gzip: w.cfg.Gzip}
}

// count is how many kinds are of a group.
func (w *world) count(group string) (n int) {
	for _, k := range w.kinds {
		if k.group == group {
			n++
		}
	}
	return n
}
