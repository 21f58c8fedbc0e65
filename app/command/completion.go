package command

import (
	"fmt"
	"slices"
	"strings"
)

// Shells are those that Completion writes for.
var Shells = []string{"bash", "zsh", "fish", "powershell"}

// Completion returns a script that completes subcommands, their flags, and the values of
// those that take one of few; shell is one of Shells. Everything comes from the pages, and
// the script starts no program.
func Completion(shell string, pages []Page) (string, error) {
	switch strings.ToLower(shell) {
	case "bash":
		return bashCompletion(pages), nil
	case "zsh":
		return "#compdef " + Name + "\nautoload -U +X bashcompinit && bashcompinit\n" + bashCompletion(pages), nil
	case "fish":
		return fishCompletion(pages), nil
	case "powershell":
		return powershellCompletion(pages), nil
	}
	return "", usage("completion: %s is no shell that it is written for: %s%s", show(shell), strings.Join(Shells, ", "), Suggestion(shell, Shells...))
}

// word is a flag as a shell completes it, and what may stand behind it.
type word struct {
	flag, help string
	value      string // what stands for the value in help; empty for a switch
	choices    []string
}

// words are the flags of a page in order.
func (p Page) words() (list []word) {
	for _, f := range p.Flags {
		list = append(list, word{flagName(f.Name), f.Help, f.Value, choices(f.Value)})
		if f.Short != "" {
			list = append(list, word{"-" + f.Short, f.Help, f.Value, choices(f.Value)})
		}
	}
	for i := range table {
		if opt := &table[i]; p.Options && !opt.Hidden {
			list = append(list, word{flagName(opt.Name), opt.Help, opt.Value, opt.choices()})
		}
	}
	return append(list, word{flag: "--help", help: "this subcommand's help"})
}

// choices are the values that a text such as a|b|<c> names.
func choices(value string) []string {
	if !strings.Contains(value, "|") {
		return nil
	}
	return slices.DeleteFunc(strings.Split(value, "|"), func(s string) bool { return strings.ContainsAny(s, "<>/ ") })
}

// choices are the values that complete an option.
func (o *Option) choices() []string {
	if len(o.Choices) > 0 {
		return o.Choices
	}
	return choices(o.Value)
}

func flagsOf(list []word) string {
	names := make([]string, len(list))
	for i, w := range list {
		names[i] = w.flag
	}
	return strings.Join(names, " ")
}

func pageNames(pages []Page) string {
	names := make([]string, len(pages))
	for i, p := range pages {
		names[i] = p.Name
	}
	return strings.Join(names, " ")
}

func bashCompletion(pages []Page) string {
	var b strings.Builder
	b.WriteString("_schtaskhunt() {\n  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n  COMPREPLY=()\n")
	fmt.Fprintf(&b, "  if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W %q -- \"$cur\")); return; fi\n", pageNames(pages))
	b.WriteString("  case ${COMP_WORDS[1]}:$prev in\n")
	for _, p := range pages {
		for _, w := range p.words() {
			if len(w.choices) > 0 {
				fmt.Fprintf(&b, "    %s:%s) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;\n", p.Name, w.flag, strings.Join(w.choices, " "))
			}
		}
	}
	b.WriteString("  esac\n  case $cur in -*) ;; *) COMPREPLY=($(compgen -f -- \"$cur\")); return ;; esac\n  case ${COMP_WORDS[1]} in\n")
	for _, p := range pages {
		fmt.Fprintf(&b, "    %s) COMPREPLY=($(compgen -W %q -- \"$cur\")) ;;\n", p.Name, flagsOf(p.words()))
	}
	b.WriteString("  esac\n}\ncomplete -o filenames -F _schtaskhunt schtaskhunt\n")
	return b.String()
}

func fishCompletion(pages []Page) string {
	var b strings.Builder
	quote := func(s string) string {
		return "'" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "'", `\'`) + "'"
	}
	for _, p := range pages {
		fmt.Fprintf(&b, "complete -c schtaskhunt -n __fish_use_subcommand -f -a %s -d %s\n", p.Name, quote(p.Line))
		for _, w := range p.words() {
			kind := "-l " + strings.TrimPrefix(w.flag, "--")
			if !strings.HasPrefix(w.flag, "--") {
				kind = "-s " + strings.TrimPrefix(w.flag, "-")
			}
			fmt.Fprintf(&b, "complete -c schtaskhunt -n '__fish_seen_subcommand_from %s' %s", p.Name, kind)
			if w.value != "" {
				b.WriteString(" -r")
			}
			if len(w.choices) > 0 {
				b.WriteString(" -f -a " + quote(strings.Join(w.choices, " ")))
			}
			b.WriteString(" -d " + quote(w.help) + "\n")
		}
	}
	return b.String()
}

func powershellCompletion(pages []Page) string {
	quoted := func(list []string) string {
		if len(list) == 0 {
			return "@()"
		}
		return "@('" + strings.Join(list, "','") + "')"
	}
	var b strings.Builder
	b.WriteString("Register-ArgumentCompleter -Native -CommandName schtaskhunt, schtaskhunt.exe -ScriptBlock {\n" +
		"  param($word, $ast, $at)\n  $flags = @{}; $values = @{}\n")
	for _, p := range pages {
		fmt.Fprintf(&b, "  $flags['%s'] = %s\n", p.Name, quoted(strings.Fields(flagsOf(p.words()))))
		for _, w := range p.words() {
			if len(w.choices) > 0 {
				fmt.Fprintf(&b, "  $values['%s:%s'] = %s\n", p.Name, w.flag, quoted(w.choices))
			}
		}
	}
	b.WriteString("  $all = @($ast.CommandElements | ForEach-Object { \"$_\" })\n" +
		"  $before = if ($word) { $all[-2] } else { $all[-1] }\n" +
		"  $list = if ($all.Count -le 1 -or ($all.Count -eq 2 -and $word)) { $flags.Keys } " +
		"elseif ($values[\"$($all[1]):$before\"]) { $values[\"$($all[1]):$before\"] } else { $flags[$all[1]] }\n" +
		"  $list | Where-Object { $_ -like \"$word*\" } | Sort-Object | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }\n}\n")
	return b.String()
}
