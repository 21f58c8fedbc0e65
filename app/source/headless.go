package source

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// Of how many columns rows without a header are at least to be taken for a table's, and how
// many of the first are looked at.
const (
	headlessColumns = 4
	headlessRows    = 5
)

// headlessHint names the columns that a hunt needs at least, as Sysmon and Defender call them.
const headlessHint = "put a line before it that names its columns, or export again with one; a hunt needs, of Sysmon, " + headlessSysmon +
	", and of Defender " + headlessDefender

const (
	headlessSysmon = "EventID, Computer, UtcTime, ProcessGuid, ProcessId, Image, CommandLine, ParentProcessGuid, ParentProcessId, ParentImage, " +
		"ParentCommandLine, DestinationIp, DestinationPort"
	headlessDefender = "Timestamp, DeviceName, ActionType, FileName, ProcessId, ProcessCommandLine, ProcessCreationTime and the same of InitiatingProcess, " +
		"RemoteIP, RemotePort"
)

// headless returns of how many columns the rows are that a text begins with where a table has
// its header, 0 where it begins otherwise. Its values are parted by whatever parts them in tables
// that are read.
func headless(head []byte) int {
	if text := bytes.TrimLeft(head, space); len(text) == 0 || text[0] == '[' || text[0] == '<' {
		return 0
	}
	for _, sign := range "," + otherSigns {
		if n := rowsAlike(head, sign); n >= headlessColumns {
			return n
		}
	}
	return 0
}

// rowsAlike returns how many values each of the first rows has, 0 where they have not as many or
// hold no numbers, as sentences do. One row alone has to be long.
func rowsAlike(head []byte, sign rune) int {
	if whole := bytes.LastIndexByte(head, '\n'); len(head) == headSize && whole > 0 {
		head = head[:whole] // the last row breaks off
	}
	rows := csv.NewReader(bytes.NewReader(head))
	rows.Comma = sign
	columns, n := 0, 0
	for ; n < headlessRows; n++ {
		row, err := rows.Read() // another number of values is an error
		if err != nil {
			if n == 0 || rows.InputOffset() < int64(len(head)) {
				return 0
			}
			break
		}
		if columns = len(row); !hasNumber(row) {
			return 0
		}
	}
	if n == 1 && columns < wordyColumns {
		return 0
	}
	return columns
}

// hasNumber reports whether a value begins as numbers, times and GUIDs do.
func hasNumber(row []string) bool {
	for _, value := range row {
		if value = strings.TrimLeft(value, ` {"`); value != "" && value[0] >= '0' && value[0] <= '9' {
			return true
		}
	}
	return false
}
