package sample

import (
	"fmt"
	"strconv"
	"strings"
)

func number(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// orDash is Sysmon's way of saying nothing.
func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func userName(a Account) string { return a.Domain + `\` + a.Name }

func unknownUser(e *Event) string {
	if e.Unknown {
		return "-"
	}
	return userName(e.Process.User)
}

func portName(port uint16) string {
	switch port {
	case 22:
		return "ssh"
	case 80:
		return "http"
	case 443:
		return "https"
	case 445:
		return "microsoft-ds"
	}
	return "-"
}

func hashes(content string) string {
	return strings.ToUpper("MD5=" + digest("MD5", content, 32) + ",SHA256=" + digest("SHA256", content, 64))
}

func logonGUID(p *Process) string {
	return fmt.Sprintf("{%08x-0000-0000-0000-%012x}", p.Device.Machine, p.User.LogonID)
}
