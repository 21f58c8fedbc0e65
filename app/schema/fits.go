package schema

import (
	"bytes"
	"math"
	"net/netip"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// fits says by label what a value of Sysmon's may look like. Labels that are not here take
// anything.
var fits = map[string]func(v []byte) bool{
	"UtcTime":     func(v []byte) bool { _, ok := event.ParseTime(v); return ok && len(v) > len("2026-01-01") },
	"ProcessGuid": isGUID, "LogonGuid": isGUID, "ParentProcessGuid": isGUID,
	"ProcessId": isNumber, "TerminalSessionId": isNumber, "ParentProcessId": isNumber, "QueryStatus": isNumber,
	"LogonId":   func(v []byte) bool { return bytes.HasPrefix(v, []byte("0x")) && isNumber(v) },
	"Image":     isImage,
	"Hashes":    func(v []byte) bool { return bytes.IndexByte(v, '=') > 0 },
	"Protocol":  func(v []byte) bool { return len(v) <= 6 && isWord(v) && !isBool(v) },
	"Initiated": isBool, "SourceIsIpv6": isBool, "DestinationIsIpv6": isBool,
	"SourceIp": isAddress, "DestinationIp": isAddress, "SourcePort": isPort, "DestinationPort": isPort,

	"FileVersion": func(v []byte) bool { return isNothing(v) || !isPath(v) && !isGUID(v) && !bytes.ContainsAny(v, `"=`) },
	"OriginalFileName": func(v []byte) bool {
		return isNothing(v) || !bytes.ContainsAny(v, `\/" =`) && bytes.IndexByte(v, '.') > 0
	},
	"CurrentDirectory": func(v []byte) bool { return isNothing(v) || isPath(v) && !bytes.ContainsAny(v, `"`) },
	"User":             func(v []byte) bool { return isNothing(v) || isAccount(v) },
	"ParentUser":       func(v []byte) bool { return isNothing(v) || isAccount(v) },
	"IntegrityLevel":   func(v []byte) bool { return isNothing(v) || isLevel(v) },
	"ParentImage":      func(v []byte) bool { return isNothing(v) || isImage(v) },
	"SourceHostname":   isHostOrNothing, "DestinationHostname": isHostOrNothing,
	"SourcePortName": isPortName, "DestinationPortName": isPortName,
	"CommandLine": func(v []byte) bool {
		return isNothing(v) || !isAccount(v) && !isGUID(v) && !bytes.HasSuffix(v, []byte{'\\'})
	},
	"ParentCommandLine": func(v []byte) bool { return isNothing(v) || !isAccount(v) && !isGUID(v) },
}

// mayLack has the labels whose value a version does not have, or that may be empty.
var mayLack = map[string]bool{
	"RuleName": true, "FileVersion": true, "Description": true, "Product": true, "Company": true, "OriginalFileName": true,
	"CommandLine": true, "CurrentDirectory": true, "User": true, "ParentImage": true, "ParentCommandLine": true, "ParentUser": true,
	"SourceHostname": true, "SourcePortName": true, "DestinationHostname": true, "DestinationPortName": true, "QueryResults": true,
}

// cameLater has the labels that came with a later version of Sysmon, so that an old event
// under a newer manifest lacks them for sure: schema 4.21 has RuleName, 4.22 the version
// and its neighbours, 4.23 OriginalFileName, 4.60 ParentUser.
var cameLater = map[string]bool{"RuleName": true, "FileVersion": true, "OriginalFileName": true, "ParentUser": true}

func isGUID(v []byte) bool {
	_, _, ok := event.ParseGUID(v)
	return ok
}

func isNumber(v []byte) bool {
	_, ok := numberOf(v)
	return ok
}

func isPort(v []byte) bool {
	n, ok := numberOf(v)
	return ok && n <= math.MaxUint16
}

func isAddress(v []byte) bool {
	_, err := netip.ParseAddr(string(bytes.TrimSpace(v)))
	return err == nil
}

func isBool(v []byte) bool {
	return bytes.EqualFold(v, []byte("true")) || bytes.EqualFold(v, []byte("false"))
}

// isNothing holds for what Sysmon writes for no value.
func isNothing(v []byte) bool { return isAbsent(v) || string(v) == "?" }

func isPath(v []byte) bool { return bytes.IndexByte(v, '\\') >= 0 || bytes.IndexByte(v, '/') >= 0 }

// isImage holds for the path of a program, and for the kernel's own processes. Arguments
// make it a command line.
func isImage(v []byte) bool {
	if bytes.IndexByte(v, '"') >= 0 || containsFold(v, ".exe ") {
		return false
	}
	if isPath(v) {
		return !isAccount(v)
	}
	return isWord(v) && len(v) > 5 && !isNumber(v) && !isBool(v) && !isLevel(v) || string(v) == "System" || string(v) == unknownProcess
}

func isWord(v []byte) bool {
	return len(v) > 0 && !bytes.ContainsFunc(v, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-'
	})
}

// isAccount holds for DOMAIN\name.
func isAccount(v []byte) bool {
	at := bytes.IndexByte(v, '\\')
	return at > 0 && at < len(v)-1 && bytes.Count(v, []byte{'\\'}) == 1 && !bytes.ContainsAny(v, `:/"={}.`)
}

var levels = []string{"untrusted", "low", "medium", "medium plus", "high", "system", "protected process", "appcontainer", "secure"}

func isLevel(v []byte) bool { return isOneOf(v, levels) || strings.HasPrefix(string(v), "S-1-16-") }

func isHostOrNothing(v []byte) bool {
	return isNothing(v) || !isNumber(v) && !isBool(v) && !isAddress(v) && !bytes.ContainsAny(v, `\/" `)
}

func isPortName(v []byte) bool { return isNothing(v) || isWord(v) && !isNumber(v) && !isBool(v) }
