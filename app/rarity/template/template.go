// Package template makes one text of the command lines that differ only in what varies
// from device to device, from user to user or from run to run. What tells programs
// apart stays. Of and Append know fixed classes; Learn finds the slots that only a
// fleet can show.
//
// Letter case, quotes and repeated blanks are folded; variables of the environment and
// 8.3 names of the system's own folders become the folder. The classes, in the order
// in which they are tried:
//
//	slot                  example                          the trap
//	<guid>                {0F1E2D3C-…}, braces or not      kept after taskhostw and dllhost, and after `::`: there it is the program
//	<sid>                 S-1-5-21-1-2-3-1001, S-1-12-1-…  short and service SIDs mean the same everywhere: kept
//	<base64:LEN:HASH>     -enc SQBFAFgA…                   an encoded command is the program: its length and hash stay
//	<base64>              --token=dGhpc0lz…                long paths, CamelCase and runs of one letter are no base64: letters must be well mixed
//	<tmp>                 tmp3F2A.tmp, ~DF12AB, is-1A2B3   also -cv:VECTOR.n and RANDOM.ses
//	<host>                the device's own names           a plain word only as a whole value, never as a program's stem
//	<user>                C:\Users\eva\, /user:eva         Public, Default and the system's accounts are kept
//	<date> <time>         2026-11-27T14:05, 20261127-1405  before version and number; also straight after `_`, `-`, `.`
//	<ip>                  10.1.2.3                         only inside ones: a public address is evidence and stays
//	<version>             1.3.195.65, 4.18.25110.6-0       in a folder's name four small numbers are a version, else an address
//	<hash>                32, 40, 64, 96 or 128 hex digits needs a letter and a digit
//	<hex>                 0x7FF0, 5f3a9c01                 8 or more, a letter and a digit: `deadbeef` is a word; 4 behind `$`
//	<n>                   12345, KB5034441 (kb<n>)         ports, switches and ordinals of one or two digits stay; an epoch is a number too
//	<tail:LEN:HASH>       what is beyond 4,096 bytes       any difference there tells two commands apart
//	<*>                   learnt from the fleet            see Learn
//
// An epoch has no slot of its own: it would tear a family of ten-digit serials in two.
package template

import (
	"bytes"
	"strings"
)

// limit is the length in bytes from which on a template ends in a tail.
const limit = 4096

// Names are the names of one device, ready to be found in its commands. The zero value
// has none.
type Names struct {
	folded []string
}

// NewNames returns the names of a device, short, full, or both, in any case. Of a full
// name the first label counts as short name too. Names shorter than three letters and
// numbers alone are not looked for: they are anything.
func NewNames(names ...string) Names {
	var n Names
	for _, name := range names {
		name = strings.ToLower(strings.Trim(strings.TrimSpace(name), "."))
		short, _, _ := strings.Cut(name, ".")
		n = n.with(name).with(short)
	}
	return n
}

// with adds a name unless it is there or says nothing, the longest first.
func (n Names) with(name string) Names {
	if len(name) < 3 || strings.Trim(name, "0123456789.") == "" {
		return n
	}
	at := 0
	for at < len(n.folded) && len(n.folded[at]) >= len(name) {
		if n.folded[at] == name {
			return n
		}
		at++
	}
	folded := append(append(append([]string{}, n.folded[:at]...), name), n.folded[at:]...)
	return Names{folded}
}

// Of returns the template of a command line of a device.
func Of(command string, device Names) string {
	return string(Append(nil, []byte(command), device))
}

// Append appends the template of a command line of a device to dst and returns it. It
// allocates only where dst has no room: twice the template is needed. Its time is
// linear in the length of the command. Templates are their own templates.
func Append(dst, command []byte, device Names) []byte {
	start := len(dst)
	dst, changed := fold(dst, command, device)
	// A slot can bring together what it stood between, so the result is folded until
	// it stays: every round but the last turns text into slots, so there is a last one.
	for changed {
		end := len(dst)
		dst, _ = fold(dst, dst[start:end], device)
		changed = !bytes.Equal(dst[start:end], dst[end:])
		dst = dst[:start+copy(dst[start:], dst[end:])]
	}
	return dst
}
