package rarity

import (
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Command is the number of a root command in a Census.
type Command int32

// Path is the number of a path in a Census.
type Path int32

// Census counts over all devices, exactly. It is safe for concurrent use.
type Census struct {
	mu      sync.Mutex
	command map[string]Command
	ran     []int32 // by Command: devices
	names   map[string]int32
	path    map[pathKey]Path
	has     []int32 // by Path: devices
	key     []byte  // of command
}

// pathKey is a pattern in the census's own numbers.
type pathKey struct {
	above Path
	name  int32
}

// NewCensus returns a census that has counted nothing.
func NewCensus() *Census {
	return &Census{command: make(map[string]Command), names: make(map[string]int32), path: make(map[pathKey]Path)}
}

// RootDevices returns how many devices ran a root command in the lookback, as far as
// they were added.
func (c *Census) RootDevices(command Command) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.ran[command])
}

// PatternDevices returns how many devices have a path in the lookback, as far as they
// were added.
func (c *Census) PatternDevices(path Path) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.has[path])
}

// EachCommand calls see with every root command that was counted: its file name, a zero
// byte and its command line, in lower case. The key is see's for the call only.
func (c *Census) EachCommand(see func(key string, number Command)) {
	for key, number := range c.command {
		see(key, number)
	}
}

// EachPath calls see with every path that was counted, those above it first: the number of
// the path above, -1 for none, and the last name, in lower case.
func (c *Census) EachPath(see func(number, above Path, name string)) {
	names := make([]string, len(c.names))
	for name, number := range c.names {
		names[number] = name
	}
	keys := make([]pathKey, len(c.has))
	for key, number := range c.path {
		keys[number] = key
	}
	for number, key := range keys {
		see(Path(number), key.above, names[key.name])
	}
}

// commands adds a device: its commands, and which of them are known there. It returns
// the commands' numbers.
func (c *Census) commands(symbols *event.Symbols, all []command, known []bool) []Command {
	numbers := make([]Command, len(all))
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, own := range all {
		c.key = append(append(c.key[:0], symbols.Bytes(own.name)...), 0)
		c.key = append(c.key, symbols.Bytes(own.line)...)
		number, seen := c.command[string(c.key)]
		if !seen {
			number = Command(len(c.ran))
			c.command[string(c.key)] = number
			c.ran = append(c.ran, 0)
		}
		if known[i] {
			c.ran[number]++
		}
		numbers[i] = number
	}
	return numbers
}

// paths adds a device: its paths, and how often each is known there. It returns the
// paths' numbers. A path stands behind those above it.
func (c *Census) paths(symbols *event.Symbols, all []pattern, count []int32) []Path {
	numbers := make([]Path, len(all))
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, own := range all {
		key := pathKey{-1, c.name(symbols.Bytes(own.name))}
		if own.above >= 0 {
			key.above = numbers[own.above]
		}
		number, seen := c.path[key]
		if !seen {
			number = Path(len(c.has))
			c.path[key] = number
			c.has = append(c.has, 0)
		}
		c.has[number] += min(1, count[i])
		numbers[i] = number
	}
	return numbers
}

func (c *Census) name(text []byte) int32 {
	number, seen := c.names[string(text)]
	if !seen {
		number = int32(len(c.names))
		c.names[string(text)] = number
	}
	return number
}
