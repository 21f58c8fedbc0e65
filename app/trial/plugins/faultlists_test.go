package plugins_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/executable"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// listFault is a kind of list, which is to say something of listed, and may be of any bytes.
type listFault struct {
	what  string
	text  []byte
	place func(t *testing.T, path string) // puts it there, if it is no file of text
}

// listed is what a list of the table has to say something of, and another list of other.
const listed, other = "198.51.100.7", "203.0.113.9"

// sound is a line that every reader of lists reads.
const sound = listed + "\n"

func utf16Of(text string) (out []byte) {
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return out
}

func gzipped(text []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(text)
	_ = w.Close()
	return out.Bytes()
}

func halfOf(body []byte) []byte { return body[:len(body)-6] }

func bomb(t *testing.T, path string) {
	if err := os.WriteFile(path, gzipped(bytes.Repeat([]byte("x"), 100<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
}

var listFaults = []listFault{
	{what: "addresses that cannot be", text: []byte("256.1.1.1\n203.000.113.007\n" + sound)},
	{what: "ranges", text: []byte("198.51.100.4-198.51.100.9\n203.0.113.200-203.0.113.1\n")},
	{what: "an address with a port, one with port 99999", text: []byte(listed + ":443\n203.0.113.7:99999\n")},
	{what: "a netmask, and one that is none", text: []byte("198.51.100.0/255.255.255.0\n203.0.113.0/255.0.255.0\n")},
	{what: "every address there is", text: []byte("0.0.0.0/0\n::/0\n" + sound)},
	{what: "asterisks within names", text: []byte("*mid.example\nev*l.example\n" + sound)},
	{what: "digests of other kinds", text: []byte("d41d8cd98f00b204e9800998ecf8427e\nsha256:abc\n" + sound)},
	{what: "defanged in several ways", text: []byte("198(.)51[.]100{.}7\nhxxp://evil[.]example/x\n")},
	{what: "a name beyond ASCII, in upper case", text: []byte("BÜCHER.example\n")},
	{what: "UTF-16", text: utf16Of("indicator,type\r\n" + listed + ",ip\r\n")},
	{what: "packed by gzip", text: gzipped([]byte(sound))},
	{what: "packed, and cut off", text: halfOf(gzipped([]byte(sound + strings.Repeat("# a comment\n", 99))))},
	{what: "called packed, and is not", text: []byte("\x1f\x8b" + sound)},
	{what: "a gzip bomb: a line of 100 MB in 100 kB", place: bomb},
	{what: "a line of 300 kB", text: []byte(strings.Repeat("y", 300<<10) + "\n" + sound)},
	{what: "no text", text: bytes.Repeat([]byte{0xff, 0, 0x9b, '\n'}, 2)},
	{what: "a web page", text: []byte("<!DOCTYPE html>\n<html><body>moved\n" + sound)},
	{what: "empty", text: nil},
	{what: "nothing that can be used", text: []byte("# a comment\nwhat is this\n")},
	{what: "CSV without the column of indicators", text: []byte("address,type\n" + listed + ",ip\n")},
	{what: "CSV with an open quote", text: []byte("indicator,type\n" + listed + ",ip\n\"203.0.113.1,ip\n")},
	{what: "JSON that breaks off", text: []byte(`{"objects":[{"type":"indicator","pattern":"[ipv4-addr:value = '` + listed + `']"},{"type":"indica`)},
	{what: "JSON, a hundred thousand deep", text: []byte(strings.Repeat(`[{"a":`, 100_000))},
	{what: "a pattern whose parts hold only together", text: []byte(`{"objects":[{"type":"indicator","pattern":"[ipv4-addr:value = '` + listed + `' AND domain-name:value = 'x.example']"}]}`)},
	{what: "a score that is none", text: []byte("indicator,score\n" + listed + ",many\n203.0.113.8,400\n")},
	{what: "missing", place: func(*testing.T, string) {}},
	{what: "a folder", place: func(t *testing.T, path string) {
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}},
	{what: "a named pipe (FIFO)", place: func(t *testing.T, path string) {
		if out, err := exec.CommandContext(t.Context(), "mkfifo", path).CombinedOutput(); err != nil {
			t.Skipf("no named pipe: %v, %s", err, out)
		}
	}},
	{what: "a device that never ends", place: func(t *testing.T, path string) {
		if err := os.Symlink("/dev/zero", path); err != nil {
			t.Fatal(err)
		}
	}},
}

// listEvents are connections to what the lists are of.
func listEvents() (texts [][]byte) {
	b := &worlds.Box{Name: "alpha.corp.example"}
	for _, f := range []worlds.Fields{b.Start(1, 0, "root.exe"), b.Connect(1, "root.exe", listed, 443), b.Connect(1, "root.exe", other, 443),
		b.Connect(1, "root.exe", "192.0.2.44", 443).With(worlds.Fields{"DestinationHostname": "www.xn--bcher-kva.example"})} {
		texts = append(texts, f.Text())
	}
	return texts
}

// installLists writes each list and a sound one into a folder of its own, and names them
// for a plugin.
func installLists(t *testing.T, program string) {
	t.Helper()
	root := filepath.Join(filepath.Dir(program), "plugins")
	conf := ""
	for i, f := range listFaults {
		folder := filepath.Join(root, fmt.Sprintf("lists%d", i))
		executable.Safely(t, folder, map[string][]byte{"other.txt": []byte(other + "\n")})
		if f.place != nil {
			f.place(t, filepath.Join(folder, "list"))
		} else if err := os.WriteFile(filepath.Join(folder, "list"), f.text, 0o600); err != nil {
			t.Fatal(err)
		}
		conf += fmt.Sprintf("[list%d]\nprogram = schtaskhunt-enrich-list\nkind = enricher\nsha256 = %s\nsetting.files = lists%d/list, lists%d/other.txt\n",
			i, sumOfFile(t, filepath.Join(root, "schtaskhunt-enrich-list")), i, i)
	}
	executable.LocalConf(t, program, conf)
}

// faultsOfLists returns the lines of the table.
func faultsOfLists(t *testing.T, program string) []string {
	t.Helper()
	installLists(t, program)
	file := filepath.Join(t.TempDir(), "events.jsonl")
	worlds.WriteLines(t, file, listEvents())
	lines := make([]string, len(listFaults))
	t.Run("lists", func(t *testing.T) {
		for i, f := range listFaults {
			t.Run(f.what, func(t *testing.T) {
				t.Parallel()
				name := fmt.Sprintf("list%d", i)
				r := runFaulty(t, program, doors.Everything+" enrich="+name, file)
				lines[i] = f.line(t, name, r)
			})
		}
	})
	return lines
}

// line is what came of a list, beside which the other is always used.
func (f listFault) line(t *testing.T, name string, r faultRun) string {
	t.Helper()
	if len(r.Kind("connection")) != 3 {
		t.Errorf("exit status %d, %d connections", r.code, len(r.Kind("connection")))
	}
	uses, usesOther := "nothing of it matches", false
	for _, c := range r.Kind("connection") {
		switch isKnown := c.Get("intel_score") != ""; {
		case isKnown && c.Get("remote_ip") == other:
			usesOther = true
		case isKnown:
			uses = "what it lists matches"
		}
	}
	if !usesOther {
		t.Errorf("the other list is not used: %q %q", r.warnings, r.told)
	}
	text := strings.ReplaceAll(strings.Join(slices.Concat(r.told, warned(r.warnings)), "; "), "plugin "+name+": indicators: ", "")
	text = strings.ReplaceAll(text, "lists"+strings.TrimPrefix(name, "list")+"/", "")
	return fmt.Sprintf("| %s | %d | %s | 0 | %s |\n", f.what, r.code, uses, inTable(text))
}

func warned(warnings []string) (out []string) {
	for _, text := range warnings {
		out = append(out, "warning: "+text)
	}
	return out
}

const listsHead = `
# What becomes of a list that is none

Each line is a run of ` + "`schtaskhunt hunt --enrich lists`" + ` with two lists: one of the kind of the line, and a sound one. Checked of
each: the rows are all there, and what the sound list has to say is said. Nothing waits; what is no regular file is not opened. *Message* has the
warnings of the search, and the lines for its log.

| list | exit status | what happens | seconds | message |
|---|---|---|---|---|
`
