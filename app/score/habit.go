package score

import (
	"bytes"
	"slices"
)

// Process is what habits are read from, all in lower case.
type Process struct {
	Name, Path, Command []byte
	Parent              []byte // file name of the process above, nil for a root
}

// Habit is one thing that attackers' processes show more often than others' do. It is a
// prior: it orders what is equally rare, and never makes a finding.
type Habit struct {
	Name   string
	Bits   float64 // at most: less where the fleet's own rare tasks have it often
	Means  string
	Source string // MITRE ATT&CK technique, or LOLBAS

	shows func(p *subject) bool
}

// subject is a process whose habits are asked for, and what its program is used for.
type subject struct {
	*Process
	uses uses
}

// Habits are all habits.
var Habits = []Habit{
	{"masquerade", 6, "the name of a Windows program outside of Windows' own folders", "T1036.005", masquerades},
	{"right_to_left", 6, "a file name in which a character turns the direction of writing, so that it seems to end otherwise", "T1036.002", turnsName},
	{"encoded", 4, "an encoded command", "T1027.010", encodes},
	{"hidden", 2, "a window that is hidden by its command line", "T1564.003", hides},
	{"download", 2, "a command that downloads, or has a web address in it", "T1105", downloads},
	{"proxy_execution", 2, "a Windows program that runs another's code", "T1218, LOLBAS", proxies},
	{"profile", 2, "a program or script in a person's profile", "T1204.002", inProfile},
	{"open_folder", 2, "a program or script in a folder that anyone may write to", "T1036", inOpenFolder},
	{"odd_folder", 4, "a program or script in a folder that anyone may write to and nobody keeps one in", "T1036.005", inOddFolder},
}

// Each calls see with the habits that a process shows.
func Each(p *Process, see func(h *Habit)) {
	s := subject{p, usesOf(p.Name)}
	for i := range Habits {
		if Habits[i].shows(&s) {
			see(&Habits[i])
		}
	}
}

func masquerades(p *subject) bool {
	return p.uses.are(ofWindows) && bytes.IndexByte(p.Path, '\\') >= 0 && !InWindows(p.Path)
}

// inWindows reports whether a path is beneath the Windows folder of a drive, however the
// drive is written; a folder of that name elsewhere is anybody's. Where the sensor gives no
// drive, the first folder is meant.
func inWindows(path []byte) bool {
	path = bytes.TrimPrefix(path, []byte(`\??\`))
	path = bytes.TrimPrefix(path, []byte(`\\?\`))
	for _, root := range []string{"%windir%", "%systemroot%", `\systemroot`} {
		if bytes.HasPrefix(path, []byte(root+`\`)) {
			return true
		}
	}
	if rest, device := bytes.CutPrefix(path, []byte(`\device\`)); device {
		_, rest, _ = bytes.Cut(rest, []byte(`\`))
		return bytes.HasPrefix(rest, []byte(`windows\`))
	}
	if len(path) > 2 && path[1] == ':' {
		path = path[2:]
	}
	return bytes.HasPrefix(path, []byte(`\windows\`))
}

func encodes(p *subject) bool {
	if !p.uses.are(shell) {
		return false
	}
	encoded := bytes.Contains(p.Command, []byte("frombase64string"))
	eachSwitch(p, func(name, _ []byte) { encoded = encoded || takes(encodedCommand, name) })
	return encoded
}

func downloads(p *subject) bool {
	if p.uses.are(downloader) {
		return true
	}
	return p.uses.are(runner) && (hasWord(p.Command, "iwr") || hasWord(p.Command, "irm") ||
		slices.ContainsFunc(fetching, func(part string) bool { return bytes.Contains(p.Command, []byte(part)) }))
}

// hasWord reports whether a word is in a text with no letter before or behind it: iex is
// PowerShell's Invoke-Expression, and the beginning of iexplore; irm the end of -confirm.
func hasWord(text []byte, word string) bool {
	for {
		before, behind, found := bytes.Cut(text, []byte(word))
		if !found {
			return false
		}
		if (len(before) == 0 || !isLetter(before[len(before)-1])) && (len(behind) == 0 || !isLetter(behind[0])) {
			return true
		}
		text = behind
	}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

// fetching is what stands in commands and scripts that fetch from elsewhere; the last two are
// folders by WebDAV.
var fetching = []string{"http://", "https://", "ftp://", "downloadstring", "downloadfile", "downloaddata", "invoke-webrequest", "invoke-restmethod",
	"start-bitstransfer", "net.webclient", "net.http.httpclient", "xmlhttp", "winhttprequest", "urlcache", "/transfer ", `@ssl\`, `\davwwwroot\`}

func proxies(p *subject) bool { return p.uses.are(proxy) }
