package cli

import (
	"errors"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/command"
)

// subcommand is what the first argument may be: its help, and what it does.
type subcommand struct {
	page command.Page
	run  func(args []string, s Streams) error
}

// subcommands are all, in the order help lists them.
func subcommands() []subcommand {
	return []subcommand{
		{huntPage, hunt}, {splunkPage, splunk}, {remotePage, remote}, {samplePage, makeSample}, {tasksPage, listTasks}, {proposePage, propose}, {stockPage, printStock},
		{pluginsPage, tryPlugins}, {completionPage, complete}, {manPage, manual}, {versionPage, version}, {helpPage, help},
	}
}

func pages() (all []command.Page) {
	for _, sub := range subcommands() {
		all = append(all, sub.page)
	}
	return all
}

var completionPage = command.Page{
	Name: "completion", Line: "prints a script by which a shell completes commands and flags",
	Usage: []string{"completion bash|zsh|fish|powershell"},
	Examples: []string{
		"source <(schtaskhunt completion bash)",
		"schtaskhunt completion fish > ~/.config/fish/completions/schtaskhunt.fish",
	},
}

var manPage = command.Page{
	Name: "man", Line: "prints the manual page, for man", Usage: []string{"man"},
	Examples: []string{"schtaskhunt man | man -l -", "schtaskhunt man > /usr/local/share/man/man1/schtaskhunt.1"},
}

var versionPage = command.Page{
	Name: "version", Line: "prints the version, and the commit where it is known", Usage: []string{"version"},
	Examples: []string{"schtaskhunt version", "schtaskhunt --version"},
}

var helpPage = command.Page{
	Name: "help", Line: "prints the options of the hunt, or the help of one command", Usage: []string{"help [COMMAND]"},
	Examples: []string{"schtaskhunt help", "schtaskhunt help hunt"},
}

// run does what the first argument names.
func run(name string, args []string, s Streams) error {
	switch strings.TrimLeft(name, "-") {
	case "h":
		name = "help"
	case "v":
		name = "version"
	case "help", "version":
		name = strings.TrimLeft(name, "-")
	}
	var names []string
	for _, sub := range subcommands() {
		if sub.page.Name == name {
			return sub.run(args, s)
		}
		names = append(names, sub.page.Name)
	}
	return command.UnknownSubcommand(name, names...)
}

func help(args []string, s Streams) error {
	if len(args) == 0 {
		return s.print(command.Help(terminalWidth(s.Out), pages()...))
	}
	var names []string
	for _, sub := range subcommands() {
		if sub.page.Name == strings.TrimLeft(args[0], "-") {
			return s.help(sub.page)
		}
		names = append(names, sub.page.Name)
	}
	return command.UnknownSubcommand(args[0], names...)
}

func version(args []string, s Streams) error {
	rest, err := command.ParseDeclared(args)
	if err == nil && rest.Help {
		return s.help(versionPage)
	}
	return errors.Join(s.print("schtaskhunt "+Version+revision()+"\n"), err)
}

// manual prints the manual page.
func manual(args []string, s Streams) error {
	rest, err := command.ParseDeclared(args)
	switch {
	case err != nil:
		return err
	case rest.Help:
		return s.help(manPage)
	case len(rest.Files) > 0:
		return command.Usage("man takes no words: schtaskhunt help %s has the help of one command", rest.Files[0])
	}
	return s.print(command.Man(Version, pages()))
}

func complete(args []string, s Streams) error {
	rest, err := command.ParseDeclared(args)
	switch {
	case err != nil:
		return err
	case rest.Help:
		return s.help(completionPage)
	case len(rest.Files) != 1:
		return command.Usage("completion needs a shell: %s", strings.Join(command.Shells, ", "))
	}
	script, err := command.Completion(rest.Files[0], pages())
	return errors.Join(s.print(script), err)
}
