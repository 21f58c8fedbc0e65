package definition

import "strings"

// tasksFolder is where Windows keeps the definitions of tasks, a file each, beneath its own folder.
const tasksFolder = `\system32\tasks\`

// InTasks returns the name of the task whose file has a path beneath Windows' folder of tasks,
// wherever that was copied to, "" where the path has none.
func InTasks(path string) string {
	path = strings.ReplaceAll(path, "/", `\`)
	for at := 0; at+len(tasksFolder) <= len(path); at++ { // a path that is no text may be longer in lower case
		if strings.EqualFold(path[at:at+len(tasksFolder)], tasksFolder) {
			return path[at+len(tasksFolder)-1:]
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
