package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/enrich"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// findPlugins finds the plugins that are installed for this program.
func findPlugins() (plugins.Installed, error) {
	executable, err := os.Executable()
	if err != nil {
		return plugins.Installed{}, fmt.Errorf("finding plugins: %w", err)
	}
	return plugins.Find(executable)
}

var pluginsPage = command.Page{
	Name: "plugins", Line: "lists the installed plugins, checks their sums, and tries them",
	Usage: []string{"plugins", "plugins verify", "plugins try NAME [INDICATOR...]"},
	About: `Without more words it starts each plugin once; verify starts nothing; try starts one, and asks an
enricher about the indicators. A plugin is a program in the folder plugins beside this one, named
with its SHA-256 in schtaskhunt_plugins.conf.
Exit status: 0 all are sound, 1 one is not, 2 wrong usage.
`,
	Examples: []string{"schtaskhunt plugins verify", "schtaskhunt plugins try lists 203.0.113.9"},
}

// findPluginsOnce is findPlugins for a run that opens plugins several times: one that
// takes too long to start is waited for once.
func findPluginsOnce() func() (plugins.Installed, error) {
	return sync.OnceValues(func() (plugins.Installed, error) {
		in, err := findPlugins()
		if err != nil {
			return in, err
		}
		return in.Remember(""), nil
	})
}

// tryPlugins lists, verifies and tries the plugins that are installed.
func tryPlugins(args []string, s Streams) error {
	rest, err := command.ParseDeclared(args)
	if err != nil {
		return err
	}
	if rest.Help {
		return s.help(pluginsPage)
	}
	in, err := findPlugins()
	if err != nil {
		return err
	}
	switch words := rest.Files; {
	case len(words) == 0:
		return listPlugins(in, s, true)
	case words[0] == "verify" && len(words) == 1:
		return listPlugins(in, s, false)
	case words[0] == "try" && len(words) > 1:
		return tryPlugin(in, words[1], words[2:], s)
	}
	return command.Usage("plugins takes nothing, verify, or try and a plugin's name: schtaskhunt plugins try falcon%s",
		command.Suggestion(rest.Files[0], "verify", "try"))
}

// listPlugins prints a line for each plugin. One that is disabled is neither verified
// nor started.
func listPlugins(in plugins.Installed, s Streams, start bool) error {
	table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tKIND\tPROGRAM\tSUM\tVERSION")
	var wrong []error
	for _, e := range in.Conf.Entries {
		sum, version, err := soundness(in, e, start, s)
		if err != nil {
			wrong = append(wrong, err)
		}
		fmt.Fprintln(table, row.Printable(e.Name)+"\t"+string(e.Kind)+"\t"+row.Printable(e.Program)+"\t"+sum+"\t"+version)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, err := range wrong {
		tell(s.Err, "WARN", err.Error())
	}
	if len(in.Conf.Entries) == 0 {
		tell(s.Err, "INFO", "no plugins are installed: there is no "+plugins.ConfFile+" in "+in.Folder)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d of %d plugins cannot be used", len(wrong), len(in.Conf.Entries))
	}
	return nil
}

// soundness says how a plugin is: whether its sum is right, and its version.
func soundness(in plugins.Installed, e host.Entry, start bool, s Streams) (sum, version string, err error) {
	if e.Disabled {
		return "disabled", "-", nil
	}
	if err := in.Verify(e); err != nil {
		return "WRONG", "-", err
	}
	if !start {
		return "ok", "-", nil
	}
	p, err := in.Start(e.Name, logTo(s.Err))
	if err != nil {
		return "ok", "-", err
	}
	defer p.Close()
	if e.Kind == host.KindMapper {
		if _, err := plugins.Mapping(e.Name, p); err != nil {
			return "ok", "-", err
		}
	}
	return "ok", row.Printable(p.Info().Version), nil
}

func logTo(w io.Writer) func(string) {
	return func(line string) { tell(w, "INFO", line) }
}

// tryPlugin starts a plugin and uses it.
func tryPlugin(in plugins.Installed, name string, indicators []string, s Streams) error {
	e, known := in.Conf.Entry(name)
	if !known {
		return command.Usage("there is no plugin %q: schtaskhunt plugins lists those that are installed", name)
	}
	if e.Kind == host.KindMapper && len(indicators) > 0 {
		return command.Usage("%s is a mapper, and takes no indicators", name)
	}
	p, err := in.Start(name, logTo(s.Err))
	if err != nil {
		return err
	}
	defer p.Close()
	fmt.Fprintln(s.Out, row.Printable(fmt.Sprintf("%s: %s %s started", name, p.Info().Name, p.Info().Version)))
	if e.Kind == host.KindMapper {
		return tryMapper(name, p, s)
	}
	return tryEnricher(p, indicators, s)
}

func tryMapper(name string, p plugins.Running, s Streams) error {
	m, err := plugins.Mapping(name, p)
	if err != nil {
		return err
	}
	for _, t := range m.Tables {
		how := fmt.Sprintf("%d rules", len(t.Rules))
		if t.ByPlugin {
			how = "read by the plugin"
		}
		fmt.Fprintln(s.Out, row.Printable(fmt.Sprintf("  %s: %s, %s", t.Name, t.Kind, how)))
	}
	return nil
}

func tryEnricher(p plugins.Running, values []string, s Streams) error {
	batch := make([]plugin.Indicator, len(values))
	for i, value := range values {
		batch[i] = enrich.Indicator(value)
	}
	verdicts, err := p.Enrich(context.Background(), batch)
	if err != nil {
		return err
	}
	for i, v := range verdicts {
		text := "nothing known"
		if v != (plugin.Verdict{}) {
			text = strings.TrimSpace(fmt.Sprintf("%v %s (%s)", v.Score, v.Label, v.Source))
		}
		fmt.Fprintln(s.Out, row.Printable(fmt.Sprintf("  %s %s: %s", batch[i].Kind, batch[i].Value, text)))
	}
	return nil
}
