package sample

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// The columns of the key. A hunt of the whole window must find every row of
// both; times are epoch seconds.
var (
	connectionColumns = []string{"device", "plant", "root_process", "depth", "process_name", "process",
		"process_id", "process_guid", "parent_process_id", "remote_ip", "remote_port", "remote_host",
		"action", "count", "tie", "public", "process_start", "first_seen", "last_seen", "answers"}
	nodeColumns = []string{"device", "plant", "depth", "path", "process_name", "process",
		"process_id", "process_guid", "start", "parent_process_guid", "parent_process_id", "root_process"}
)

// keyWriter writes planted.csv, planted_nodes.csv and indicators.csv.
type keyWriter struct {
	cfg                Config
	dir                string
	indicators         indicators
	files              []*os.File
	connections, nodes *csv.Writer
	nodeRows           int
	connectionRows     int
	trees              int
}

// The names of the files of the key.
const (
	KeyFile        = "planted.csv"       // one row a planted process and remote end
	NodesKeyFile   = "planted_nodes.csv" // one row a planted process
	IndicatorsFile = "indicators.csv"    // one row an address, name or digest that only planted processes have
)

func newKeyWriter(dir string, cfg Config) (*keyWriter, error) {
	k := &keyWriter{cfg: cfg, dir: dir, indicators: indicators{}}
	for _, name := range []string{KeyFile, NodesKeyFile} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return nil, errors.Join(err, k.close())
		}
		k.files = append(k.files, f)
	}
	k.connections, k.nodes = csv.NewWriter(io.Writer(k.files[0])), csv.NewWriter(io.Writer(k.files[1]))
	err := errors.Join(k.connections.Write(connectionColumns), k.nodes.Write(nodeColumns))
	return k, err
}

// close completes the files; an error of any write before shows here at the latest.
func (k *keyWriter) close() error {
	var err error
	for _, w := range []*csv.Writer{k.connections, k.nodes} {
		if w != nil {
			w.Flush()
			err = errors.Join(err, w.Error())
		}
	}
	for _, f := range k.files {
		err = errors.Join(err, f.Close())
	}
	if len(k.files) == 2 { // else the beginning failed
		err = errors.Join(err, k.indicators.write(filepath.Join(k.dir, IndicatorsFile)))
	}
	if err != nil {
		return fmt.Errorf("writing the key: %w", err)
	}
	return nil
}

// add writes the rows of one device.
func (k *keyWriter) add(h *History) error {
	for _, p := range h.Processes {
		if p.Plant == "" {
			continue
		}
		if p.Depth == 1 {
			k.trees++
		}
		k.nodeRows++
		k.indicators.addProcess(p)
		if err := k.nodes.Write(k.nodeRow(p)); err != nil {
			return err
		}
	}
	for _, c := range plantedConnections(h, k.cfg.Format) {
		k.connectionRows++
		k.indicators.addConnection(c)
		if err := k.connections.Write(k.connectionRow(c)); err != nil {
			return err
		}
	}
	return nil
}

func (k *keyWriter) nodeRow(p *Process) []string {
	return []string{p.Device.keyName(k.cfg.Format), p.Plant, strconv.Itoa(p.Depth), p.Path(), p.Name(), p.Command,
		number(p.PID), k.guid(p), k.epoch(p.Start), k.guid(p.Parent), number(p.Parent.PID), p.Root.Command}
}

func (k *keyWriter) connectionRow(c *plantedConnection) []string {
	p := c.process
	return []string{p.Device.keyName(k.cfg.Format), p.Plant, p.Root.Command, strconv.Itoa(p.Depth), p.Name(), p.Command,
		number(p.PID), k.guid(p), number(p.Parent.PID), c.ip, c.port, c.host,
		c.action, strconv.Itoa(c.count), c.tie, c.public, k.epoch(p.Start), epoch(c.first), epoch(c.last), c.answers}
}

// guid is empty for Defender, whose processes are known by PID and start.
func (k *keyWriter) guid(p *Process) string {
	switch k.cfg.Format {
	case FormatDefender:
		return ""
	case FormatFalcon:
		return p.falconID()
	}
	return p.GUID()
}

// epoch writes the start of a process as exactly as its events do: Sysmon's
// UtcTime and Falcon's ProcessStartTime end at the millisecond.
func (k *keyWriter) epoch(t Time) string {
	if k.cfg.Format != FormatDefender {
		t -= t % millisecond
	}
	return epoch(t)
}

func epoch(t Time) string {
	return fmt.Sprintf("%d.%07d", t/second, t%second)
}
