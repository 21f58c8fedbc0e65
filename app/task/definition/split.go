package definition

import "bytes"

// Named is one of several definitions in a text, by the name that stands before it.
type Named struct {
	Name string // as `schtasks /query /xml` writes it in a comment; "" without one
	Text []byte
}

// Split finds the definitions in a text that has any number of them: one exported file,
// the answer of `schtasks /query /xml`, or several of either in a row. Their texts are
// parts of the given one, or of its UTF-8 where it was UTF-16.
func Split(text []byte) (all []Named) {
	text = utf8Text(text)
	for {
		start := indexTask(text)
		if start < 0 {
			return all
		}
		end := bytes.Index(text[start:], []byte("</Task>"))
		if end < 0 {
			return append(all, Named{lastComment(text[:start]), text[start:]}) // cut: Parse says so
		}
		end += start + len("</Task>")
		all = append(all, Named{lastComment(text[:start]), text[start:end]})
		text = text[end:]
	}
}

// indexTask returns where the next <Task ...> begins, which is not <Tasks> or <TaskName>.
func indexTask(text []byte) int {
	mark := []byte("<Task")
	for from := 0; ; {
		i := bytes.Index(text[from:], mark)
		if i < 0 {
			return -1
		}
		from += i + len(mark)
		if from < len(text) && bytes.IndexByte([]byte(" \t\r\n>"), text[from]) >= 0 {
			return from - len(mark)
		}
	}
}

// lastComment returns the comment that ends a text, "" where there is none: the name of
// the task that follows.
func lastComment(text []byte) string {
	text = bytes.TrimRight(text, "\ufeff \t\r\n")
	if bytes.HasSuffix(text, []byte("?>")) { // its own prolog may stand between
		if i := bytes.LastIndex(text, []byte("<?")); i >= 0 {
			text = bytes.TrimRight(text[:i], "\ufeff \t\r\n")
		}
	}
	rest, found := bytes.CutSuffix(text, []byte("-->"))
	i := bytes.LastIndex(rest, []byte("<!--"))
	if !found || i < 0 {
		return ""
	}
	return string(bytes.TrimSpace(rest[i+len("<!--"):]))
}
