package task

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

// Registration is what a command line says of the task that it registers.
type Registration struct {
	Task string // \Folder\Name, "" where it is not said
	Runs string // command line of the task, "" where it is not said
	On   string // the machine that gets the task, "" for that of the command line itself
}

// ReadRegistration reads the command line of a process that may register a task: schtasks
// /create, at, and PowerShell's Register-ScheduledTask. Whatever stands before them, as in
// "cmd /c schtasks ...", has no part. ok is false for any other command line.
func ReadRegistration(command string) (r Registration, ok bool) {
	words := splitWords(command)
	for i, w := range words {
		switch low := strings.ToLower(w); {
		case definition.BaseName(low) == "schtasks":
			return schtasks(words[i+1:])
		case isAt(words, i):
			return at(words[i+1:])
		case strings.ContainsAny(w, " \t") && len(w) < len(command) && holdsRegistration(low):
			return ReadRegistration(w) // a command line within one
		case strings.Contains(low, "register-scheduledtask"):
			return registerScheduledTask(words)
		}
	}
	return Registration{}, false
}

// mayRegister reports whether ReadRegistration may find something in a command line. Few are
// taken apart: most have none of the words, in any case.
func mayRegister(command []byte) bool {
	for i := range command {
		switch command[i] | 0x20 {
		case 's': // schtasks, and the middle of Register-ScheduledTask
			if rest := command[i:]; hasFold(rest, "schtasks") || hasFold(rest, "scheduledtask") {
				return true
			}
		case 'a': // at, at.exe
			if rest := command[i:]; hasFold(rest, "at ") || hasFold(rest, "at\t") || hasFold(rest, `at"`) || hasFold(rest, "at.exe") {
				return true
			}
		}
	}
	return false
}

// hasFold reports whether a text begins with a word, which is in lower case.
func hasFold(text []byte, word string) bool {
	return len(text) >= len(word) && strings.EqualFold(string(text[:len(word)]), word)
}

// holdsRegistration reports whether a command line within one, in lower case, may register a
// task.
func holdsRegistration(line string) bool {
	for _, what := range [...]string{"schtasks", "register-scheduledtask", "at ", "at.exe "} {
		if strings.Contains(line, what) {
			return true
		}
	}
	return false
}

func schtasks(words []string) (r Registration, ok bool) {
	for i, w := range words {
		option := strings.ToLower(strings.Replace(w, "-", "/", 1))
		ok = ok || option == "/create"
		if i+1 == len(words) {
			break
		}
		switch value := words[i+1]; option {
		case "/tn":
			r.Task = rooted(value)
		case "/tr":
			r.Runs = strings.ReplaceAll(value, `\"`, `"`)
		case "/s":
			r.On = value
		}
	}
	return r, ok
}

// isAt reports whether a word is the program at: its name is that of many other things, so
// that it has to stand where a program does, with a time behind it.
func isAt(words []string, i int) bool {
	if definition.BaseName(strings.ToLower(words[i])) != "at" || i > 0 && !startsCommand(words[i-1]) {
		return false
	}
	rest := words[i+1:]
	if len(rest) > 0 && strings.HasPrefix(rest[0], `\\`) {
		rest = rest[1:]
	}
	return len(rest) > 1 && isTime(rest[0])
}

// startsCommand reports whether a command begins behind a word.
func startsCommand(word string) bool {
	switch strings.ToLower(word) {
	case "/c", "/k", "/r", "-c", "-command", "&", "&&", "||", "start":
		return true
	}
	return false
}

// isTime reports whether a word is a time of the day as at takes it: 9:05, 21:05, 9:05pm.
func isTime(word string) bool {
	word = strings.TrimRight(strings.ToLower(word), "apm")
	hour, minute, ok := strings.Cut(word, ":")
	digits := func(s string) bool { return s != "" && len(s) <= 2 && strings.Trim(s, "0123456789") == "" }
	return ok && digits(hour) && digits(minute)
}

// at reads what stands behind the program of that name: \\machine, a time, options and the
// command. Windows names the task itself, At1, At2 and so on.
func at(words []string) (r Registration, ok bool) {
	if on, remote := strings.CutPrefix(words[0], `\\`); remote {
		r.On, words = on, words[1:]
	}
	words = words[1:]
	for len(words) > 0 && strings.HasPrefix(words[0], "/") {
		words = words[1:]
	}
	r.Runs = joinWords(words)
	return r, r.Runs != ""
}

// joinWords makes a command line of words that splitWords took apart.
func joinWords(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		if quoted[i] = w; strings.ContainsAny(w, " \t") {
			quoted[i] = `"` + w + `"`
		}
	}
	return strings.Join(quoted, " ")
}

// registerScheduledTask reads the parameters of Register-ScheduledTask, and those of the
// New-ScheduledTaskAction that stands in the same command line.
func registerScheduledTask(words []string) (r Registration, ok bool) {
	folder, program, arguments := `\`, "", ""
	for i := range len(words) - 1 {
		switch value := parameter(words[i+1:]); strings.ToLower(strings.TrimLeft(words[i], "(")) {
		case "-taskname":
			r.Task = value
		case "-taskpath":
			folder = strings.TrimRight(rooted(value), `\`) + `\`
		case "-execute":
			program = value
		case "-argument":
			arguments = value
		case "-cimsession":
			r.On = value
		}
	}
	if r.Task != "" {
		r.Task = rooted(folder + r.Task)
	}
	if program != "" && !strings.HasPrefix(program, "$") && !strings.HasPrefix(arguments, "$") {
		r.Runs = strings.TrimSpace(joinWords([]string{program}) + " " + arguments)
	}
	return r, true
}

// parameter returns the value at the beginning of some words: one in quotes of PowerShell's
// own may be several words.
func parameter(words []string) string {
	value := words[0]
	if quote := value[:min(1, len(value))]; quote == "'" {
		for i := 1; i < len(words) && strings.Count(value, quote)%2 == 1; i++ {
			value += " " + words[i]
		}
	}
	return strings.Trim(value, `'";)`)
}

// rooted returns a task's name as the log has it.
func rooted(name string) string { return `\` + strings.TrimLeft(name, `\`) }

// splitWords splits a command line at blanks that are not within quotes, which are taken
// away; a quote with a backslash before it is part of the word.
func splitWords(command string) (words []string) {
	var word strings.Builder
	quoted, some := false, false
	for i := 0; i < len(command); i++ {
		switch c := command[i]; {
		case c == '"' && (i == 0 || command[i-1] != '\\'):
			quoted, some = !quoted, true
		case (c == ' ' || c == '\t') && !quoted:
			if some {
				words = append(words, word.String())
			}
			word.Reset()
			some = false
		default:
			word.WriteByte(c)
			some = true
		}
	}
	if some {
		words = append(words, word.String())
	}
	return words
}
