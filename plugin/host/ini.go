package host

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxConf is more than any conf file has, in bytes.
const maxConf = 1 << 20

const defaultStanza = "default"

// ini holds the stanzas of one or more conf files in Splunk's form.
type ini struct {
	names   []string // of stanzas, without [default], in the order of their first mention
	stanzas map[string]map[string]string
}

func newINI() *ini {
	return &ini{stanzas: map[string]map[string]string{}}
}

// read adds a file, whose attributes take the place of those already there.
func (c *ini) read(r io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(r, maxConf+1))
	if err != nil {
		return err
	}
	if len(text) > maxConf {
		return fmt.Errorf("it has more than %d bytes", maxConf)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	// What stands before the first stanza holds for all of them.
	stanza, number, joined := c.stanza(defaultStanza), 0, ""
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxConf+1)
	for lines.Scan() {
		number++
		line := joined + strings.TrimRight(lines.Text(), " \t")
		if before, continues := strings.CutSuffix(line, `\`); continues {
			joined = before
			continue
		}
		joined = ""
		if stanza, err = c.line(stanza, line); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	if joined != "" {
		return fmt.Errorf("line %d ends in a backslash, and there is no next line", number)
	}
	return lines.Err()
}

// line takes one line in, and returns the stanza that the next one belongs to.
func (c *ini) line(stanza map[string]string, line string) (map[string]string, error) {
	line = strings.TrimSpace(line)
	switch {
	case line == "" || line[0] == '#' || line[0] == ';':
		return stanza, nil
	case line[0] == '[':
		name, closed := strings.CutSuffix(line[1:], "]")
		if name = strings.TrimSpace(name); !closed || name == "" {
			return nil, fmt.Errorf("%s is no stanza, want [name]", printable(line, 100))
		}
		return c.stanza(name), nil
	}
	key, value, found := strings.Cut(line, "=")
	key = strings.TrimSpace(key)
	switch {
	case !found:
		return nil, fmt.Errorf("%s is neither [stanza] nor key = value", printable(line, 100))
	case key == "":
		return nil, errors.New("there is no key before the =")
	}
	stanza[key] = strings.TrimSpace(value)
	return stanza, nil
}

func (c *ini) stanza(name string) map[string]string {
	s, known := c.stanzas[name]
	if !known {
		s = map[string]string{}
		c.stanzas[name] = s
		if name != defaultStanza {
			c.names = append(c.names, name)
		}
	}
	return s
}
