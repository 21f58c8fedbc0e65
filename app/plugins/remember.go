package plugins

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// Remember has a plugin that took too long to start not started again: in this process,
// and where folder is not "", in the others of the same search, whose folder it is. A
// search has several processes, and each would wait for it anew.
func (in Installed) Remember(folder string) Installed {
	memory := &memory{folder: folder, start: in.Start, late: map[string]error{}}
	in.Start = memory.startOnce
	return in
}

// memory knows which plugins took too long to start.
type memory struct {
	folder string
	start  func(name string, log func(string)) (Running, error)

	mu   sync.Mutex
	late map[string]error
}

func (m *memory) startOnce(name string, log func(string)) (Running, error) {
	if err := m.known(name); err != nil {
		return nil, err
	}
	p, err := m.start(name, log)
	if errors.Is(err, host.ErrTimeout) {
		m.keep(name, err)
	}
	return p, err
}

// known returns why a plugin is not started again, nil when it may be tried.
func (m *memory) known(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.late[name]; err != nil {
		return fmt.Errorf("%w (it is not started again in this search)", err)
	}
	if m.folder == "" {
		return nil
	}
	text, err := os.ReadFile(m.file(name))
	if err != nil {
		return nil //nolint:nilerr // nobody has noted anything
	}
	return fmt.Errorf("%w: %s (it is not started again in this search)", host.ErrTimeout, strings.TrimSpace(string(text)))
}

// keep notes a plugin. That the note cannot be written costs others the wait.
func (m *memory) keep(name string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.late[name] = err
	if m.folder != "" {
		_ = os.WriteFile(m.file(name), []byte(err.Error()+"\n"), 0o600)
	}
}

// file is where the note on a plugin is, whose name is of letters, digits, - and _.
func (m *memory) file(name string) string {
	return filepath.Join(m.folder, "schtaskhunt_plugin_"+name+".late")
}
