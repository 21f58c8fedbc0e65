package command

import "strings"

// Preop returns the search text that a reporting command sends as streaming_preop
// in its getinfo reply: the command itself with phase="map" and every option that
// was given. Each value is quoted, so that splunkd hands the second process the
// very text the first one read. The name is the one splunkd knows the command by;
// one that is not a plain word is replaced by Name.
func Preop(o Options, name string) string {
	var b strings.Builder
	b.WriteString(plainWord(name))
	b.WriteString(` phase="map"`)
	for _, opt := range table {
		text, given := o.given[opt.Name]
		if !given || opt.Name == "phase" {
			continue
		}
		b.WriteString(" " + opt.Name + `="` + preopEscapes.Replace(text) + `"`)
	}
	return b.String()
}

// preopEscapes are the two escapes that splunkd undoes inside double quotes.
var preopEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// plainWord keeps a name from becoming more of the search than a name.
func plainWord(name string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	if name == "" || strings.Trim(name, letters+"0123456789_") != "" {
		return Name
	}
	return name
}
