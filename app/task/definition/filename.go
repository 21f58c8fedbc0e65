package definition

import "strings"

// tasksFolders are where Windows keeps the definitions of tasks, a file each: beneath its own
// folder, and of old in that itself.
var tasksFolders = []string{`\system32\tasks\`, `\windows\tasks\`}

// InTasks returns the name of the task whose file has a path beneath Windows' folder of tasks,
// wherever that was copied to, "" where the path has none. A task may lie in a folder that is
// called like that one, so the first counts.
func InTasks(path string) string {
	path = `\` + strings.TrimLeft(strings.ReplaceAll(path, "/", `\`), `\`)
	for at := range len(path) { // a path that is no text may be longer in lower case
		for _, folder := range tasksFolders {
			if end := at + len(folder); end <= len(path) && strings.EqualFold(path[at:end], folder) {
				return path[end-1:]
			}
		}
	}
	return ""
}

// FileName returns the name of a task of which no more is known than where its file lies, in a
// folder that has tasks as Windows' own has them, or as exports, which end in .xml.
func FileName(path string) string {
	name := InTasks(path)
	if name == "" {
		name = `\` + strings.TrimLeft(strings.ReplaceAll(path, "/", `\`), `\`)
	}
	if at := len(name) - len(".xml"); at > 1 && strings.EqualFold(name[at:], ".xml") {
		name = name[:at]
	}
	return name
}
