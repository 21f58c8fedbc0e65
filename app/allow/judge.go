package allow

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// judge refuses a tree whose entry another file would fit that somebody without rights puts
// in a folder of his: a program there of which no digest is known, or a file that a program is
// told to run.
func judge(s *Subject) error {
	for i := range s.Programs {
		p := &s.Programs[i]
		switch {
		case p.Path == "" && !isDigest(p.Hash):
			return refuse("no event tells where %s lies, nor its digest: a file of that name anywhere would fit", orNone(p.Name))
		case !isKept(p.Path) && !isDigest(p.Hash):
			return refuse("%s lies where users may write, and its digest (SHA-256 or SHA-1) is not known: another file under that name would fit", p.Path)
		case p.encoded():
			return refuse("the program that %s runs is encoded in its command line, where nobody sees which files it takes", p.Name)
		case strings.Contains(p.Template, "<tail:"):
			return refuse("the command line of %s is too long to look through for the files that it names", p.Name)
		}
		if file := s.foreign(p); file != "" {
			return refuse("%s is told to use %s, where users may write, and nothing tells its digest: another file under that name would fit", p.Name, shortened(file))
		}
	}
	return nil
}

// carries reports whether a program may run what its command line says: a host of scripts, or
// a file that anybody named.
func (p *Program) carries() bool {
	return score.Carries([]byte(strings.ToLower(p.Name))) || score.Carries([]byte(fileOf(strings.ToLower(p.Path)))) || !isKept(p.Path)
}

func (p *Program) encoded() bool { return strings.Contains(p.Template, "<base64:") }

func fileOf(path string) string { return path[strings.LastIndexAny(path, `\/`)+1:] }

// foreign returns a file that a program's command line names and of which nothing proves which
// file it is, "" for none: it lies where users may write, or nobody knows where.
func (s *Subject) foreign(p *Program) string {
	for _, f := range namedIn(p) {
		if f.placed && (isKept(f.text) || s.proves(f.text)) {
			continue
		}
		switch {
		case f.placed && (p.carries() || isRunnable(f.text)):
			return f.text
		case !f.placed && p.carries() && isRunnable(f.text) && !s.starts(f.text):
			return f.text
		}
	}
	return ""
}

// proves reports whether a file is one of the tree's programs whose digest is known.
func (s *Subject) proves(file string) bool {
	for i := range s.Programs {
		if p := &s.Programs[i]; strings.EqualFold(p.Path, file) && isDigest(p.Hash) {
			return true
		}
	}
	return false
}

// starts reports whether a name without a folder is that of one of the tree's programs, whose
// folder and digest are known, or of a library, which Windows looks for in its own folder first.
func (s *Subject) starts(name string) bool {
	if strings.ContainsAny(name, `\/`) {
		return false
	}
	for i := range s.Programs {
		if strings.EqualFold(fileOf(s.Programs[i].Path), name) {
			return true
		}
	}
	return strings.HasSuffix(strings.ToLower(name), ".dll") || strings.HasSuffix(strings.ToLower(name), ".cpl")
}

// named is a file that a command line names.
type named struct {
	text   string
	placed bool // it says where the file lies
}

// blanks are the beginnings of paths that have blanks in them without quotes around.
var blanks = []string{`c:\program files (x86)\`, `c:\program files\`, `c:\program files (x86)/`, `c:\program files/`}

// namedIn returns the words of a program's command line that name files, as far as they can be
// told: names of the environment are folders there, and all is in lower case. Addresses of the
// web are none.
func namedIn(p *Program) (files []named) {
	for _, word := range wordsOf(p) {
		at := placeIn(word)
		switch {
		case strings.Contains(word, "://"):
		case at >= 0:
			word, _, _ = strings.Cut(word[at:], ",")
			files = append(files, named{word, true})
		case strings.Contains(word, `..`):
			files = append(files, named{word, true})
		default:
			word = word[strings.LastIndexAny(word, `=:@`)+1:]
			word, _, _ = strings.Cut(word, ",")
			files = append(files, named{word, false})
		}
	}
	return files
}

// wordsOf cuts a command line where its quotes, a shell or a switch may, in the spelling of
// templates. What stands in quotes is one word where it is a file in a kept folder.
func wordsOf(p *Program) (words []string) {
	if !strings.HasPrefix(p.Command, `"`) && p.Path != "" {
		if rest, own := strings.CutPrefix(p.Template, strings.ToLower(p.Path)); own {
			return cut(rest)
		}
	}
	for i, part := range strings.Split(p.Command, `"`) {
		part = template.Of(part, template.Names{})
		if i%2 == 1 && placeIn(part) == 0 && isKept(part) && isRunnable(part) {
			words = append(words, part)
			continue
		}
		words = append(words, cut(part)...)
	}
	return words
}

// cut cuts a text into words.
func cut(text string) (words []string) {
	for len(text) > 0 {
		n := 0
		for n < len(text) && !isEnd(text[n]) {
			n++
			for _, b := range blanks {
				if strings.HasPrefix(text[n-1:], b) {
					n += len(b) - 1
				}
			}
		}
		if n > 0 {
			words = append(words, text[:n])
		}
		text = text[min(n+1, len(text)):]
	}
	return words
}

func isEnd(c byte) bool { return strings.IndexByte(" \t\r\n\"'`;|&()[]{}", c) >= 0 }

// placeIn returns where in a word a path begins that says where it leads, -1 for nowhere: a
// drive, a share, a name of the environment, a home.
func placeIn(word string) int {
	for i := range len(word) {
		rest := word[i:]
		switch {
		case len(rest) > 2 && rest[1] == ':' && (rest[2] == '\\' || rest[2] == '/') && isLetter(rest[0]) && (i == 0 || !isLetter(word[i-1])):
			return i
		case strings.HasPrefix(rest, `\\`), strings.HasPrefix(rest, "$env:"), strings.HasPrefix(rest, `~\`), strings.HasPrefix(rest, "$home"),
			rest[0] == '%' && strings.Contains(rest[1:], "%"), strings.HasPrefix(rest, `\`) && (i == 0 || word[i-1] == '='):
			return i
		}
	}
	return -1
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
