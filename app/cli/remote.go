//go:build !noremote

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/cloud"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
)

// remotePolicy is how patient remote is with a server.
var remotePolicy = cloud.DefaultPolicy

// azureClient sends the requests for tokens, nil for the library's own.
var azureClient policy.Transporter

var remotePage = command.Page{
	Name: "remote", Line: "hunts on a Splunk without the app, in Sentinel or Defender: searches there and hunts here", Options: true, Flags: remoteFlags,
	Usage: []string{"remote --url https://host:8089 --search '...' [flags]", "remote --tenant NAME --search '...' [flags]",
		"remote --sentinel WORKSPACE [flags]", "remote --defender [flags]"},
	About: `--tenant is for Splunk Cloud Services. Secrets are read from the environment (SCHTASKHUNT_TOKEN, or
SCHTASKHUNT_PASSWORD with --username, SCHTASKHUNT_HEC_TOKEN) or from files of mode 0600, never from
arguments. Sentinel and Defender take the credentials of Microsoft's library (--credential) or
SCHTASKHUNT_TOKEN. Certificates are always verified. docs/remote.md tells the rest.
`,
	Examples: []string{
		"schtaskhunt remote --url https://splunk.example:8089 --search 'index=sysmon EventCode=1'",
		"schtaskhunt remote --defender --earliest -2d -o report.html",
	},
}

// remote hunts in the results of a search on another machine.
func remote(args []string, s Streams) error {
	if err := refuseSecrets(args); err != nil {
		return err
	}
	options, rest, err := command.ParseFlags(args, remoteFlags...)
	if err != nil {
		return err
	}
	if rest.Help {
		return s.help(remotePage)
	}
	if err := checkRemote(options, rest); err != nil {
		return err
	}
	if rest.Switch("show-query") {
		return showQuery(rest, s)
	}
	if err := keepSecrets(options, args); err != nil { // before a plugin may start
		return err
	}
	r, err := newRemoteHunt(options, rest, s)
	if err != nil {
		return err
	}
	return r.hunt()
}

// newRemoteHunt opens all that a hunt needs but the server, so that what is wrong on this
// machine is told before anything is asked there.
func newRemoteHunt(options command.Options, rest command.Rest, s Streams) (*remoteHunt, error) {
	out, err := newOutput(options, rest, s)
	if err != nil {
		return nil, err
	}
	if options, err = options.LoadLookups(openLookupFile); err != nil {
		return nil, err
	}
	if _, err := engine.ReadBaseline(options, openLookupFile); err != nil { // before hours of searching
		return nil, err
	}
	r := &remoteHunt{options: options, rest: rest, streams: s, out: out, policy: policyFor(rest), find: findPluginsOnce()}
	if rest.Value("fields") != "all" && !isKusto(rest) {
		r.fields, err = neededFields(options, r.find)
	}
	return r, err
}

// hunt asks the server and hunts in what it answers, until it is done or interrupted.
func (r *remoteHunt) hunt() (err error) {
	beat := newHeartbeat(&r.streams)
	if r.server, err = dial(r.rest, r.policy, beat.retrying); err != nil {
		return err
	}
	beat.start(r.server.all)
	defer beat.end()
	ctx, stop := interruptible(r.streams.Err)
	defer stop()
	r.bar = newRemoteProgress(r.out.quiet, r.streams, beat)
	defer r.bar.clear()
	err = r.run(ctx)
	if err != nil && ctx.Err() != nil {
		err = r.interrupted(err)
	}
	return r.server.redacted(cloud.Explain(err))
}

// keepSecrets keeps the secrets of the environment from plugins, which run as the same
// user.
func keepSecrets(o command.Options, args []string) error {
	if err := takeOver(); err != nil {
		return err
	}
	if !o.NeedsPlugins() {
		return nil
	}
	closeToOthers()
	if len(os.Args) < 2 || !slices.Equal(os.Args[2:], args) {
		return nil // it is part of another program
	}
	return handOver(os.Args)
}

// interruptible returns a context that ends with the first signal to end. The second
// one ends the program at once. A hang-up that was ignored before, as nohup does, stays
// so.
func interruptible(errs io.Writer) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	over := make(chan struct{})
	go func() {
		for {
			select {
			case <-over:
				return
			case <-signals:
			}
			if ctx.Err() != nil {
				fmt.Fprintln(errs, "schtaskhunt: ended by a second signal; the search on the server may still run")
				os.Exit(failed)
			}
			cancel()
		}
	}()
	return ctx, sync.OnceFunc(func() {
		signal.Stop(signals)
		close(over)
		cancel()
	})
}

// interrupted says what an interrupted run leaves behind.
func (r *remoteHunt) interrupted(err error) error {
	var writing *cloud.WriteError
	switch {
	case errors.As(err, &writing):
		return fmt.Errorf("interrupted while %w", err)
	case r.leftBehind: // which a warning has said
		return errors.New("interrupted")
	}
	return errors.New("interrupted; the search on the server was told to stop")
}

// remoteHunt is one run: a search, a hunt in its events, and what is said about both.
type remoteHunt struct {
	server  *server
	options command.Options
	rest    command.Rest
	streams Streams
	bar     remoteProgress
	taker   receiver
	fields  []string // to ask for; nil for all
	out     *output
	policy  cloud.Policy
	find    engine.FindPlugins

	fetched    bool // all results are here
	leftBehind bool // the search could not be cancelled
}

func (r *remoteHunt) run(ctx context.Context) error {
	r.taker = receiver{options: r.options, find: r.find}
	defer r.taker.close()
	fetch := r.fetchPages
	if r.rest.Value("fetch") == "stream" {
		fetch = r.fetchStream
	}
	if r.server.kusto != nil {
		fetch = r.fetchKusto
	}
	warnings, err := fetch(ctx)
	if err != nil {
		return err
	}
	r.bar.clear()
	if long := r.taker.warning(); long != "" {
		warnings = append(warnings, long)
	}
	for _, w := range warnings {
		r.tell("WARN", w)
	}
	result, err := r.taker.finish()
	if err != nil {
		return err
	}
	if isUseless(result.Ledger) {
		return r.useless(result)
	}
	about := sink.About{Version: Version, Ledger: result.Ledger, Messages: result.Messages, Arguments: []string{"--search", r.rest.Value("search")}}
	if err := r.out.write(result, about); err != nil {
		return err
	}
	if err := r.deliver(ctx, result); err != nil {
		return err
	}
	for _, m := range result.Messages {
		if !r.out.quiet || m.Level == account.Warn {
			r.tell(m.Level, m.Text)
		}
	}
	if err := r.out.brief(result, about); err != nil {
		return err
	}
	return unfound(result)
}

// useless tells of a hunt that had nothing to hunt in, and returns what is wrong with what
// came.
func (r *remoteHunt) useless(result account.Result) (err error) {
	for _, m := range result.Messages {
		if err == nil && m.Level == account.Warn && (strings.HasPrefix(m.Text, "none of") || strings.HasPrefix(m.Text, "no events")) {
			err = errors.New(m.Text)
			continue
		}
		r.tell(m.Level, m.Text)
	}
	return err
}

// tell is tell without secrets: servers repeat what they were sent.
func (r *remoteHunt) tell(level, text string) {
	r.bar.clear()
	tell(r.streams.Err, level, cloud.Redact(text, r.server.all()...))
}

func (r *remoteHunt) search() cloud.Search {
	s := cloud.Search{
		Text: r.rest.Value("search"), Earliest: r.rest.Value("earliest"), Latest: r.rest.Value("latest"),
		Max: r.rest.Int("max-results"), Fields: r.fields,
	}
	return s
}

// fetchPages runs the search as a job and fetches its results when it is done.
func (r *remoteHunt) fetchPages(ctx context.Context) ([]string, error) {
	job, err := r.server.remote.Start(ctx, r.search())
	if job != nil {
		defer r.finish(ctx, job)
	}
	if err != nil {
		return nil, err
	}
	status, err := cloud.Wait(ctx, job, r.policy, r.bar.searching)
	if err != nil {
		return nil, err
	}
	r.bar.fetching(status.Results)
	rows, err := cloud.Fetch(ctx, job, status, r.rest.Int("page-size"), r.policy, &r.taker, r.bar.add)
	r.fetched = err == nil
	return cloud.Warnings(status, rows), err
}

// finish cancels the job, and says once that it cannot.
func (r *remoteHunt) finish(ctx context.Context, job cloud.Job) {
	err := cloud.Finish(ctx, job, r.policy)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		r.leftBehind = true
		r.tell("WARN", fmt.Sprintf("the search %s could not be cancelled and may still run: %v", job.ID(), err))
	case r.fetched:
		r.tell("WARN", fmt.Sprintf("all results were fetched, but the search %s could not be cancelled: they count against the disk quota until the server drops them: %v", job.ID(), err))
	}
}

// fetchStream takes the results while the search finds them.
func (r *remoteHunt) fetchStream(ctx context.Context) ([]string, error) {
	r.bar.fetching(unknownSize)
	out, err := r.server.splunkd.Export(ctx, r.search(), latestOf(r.rest.Value("latest")), &r.taker, r.bar.add)
	warnings := cloud.Warnings(cloud.Status{Messages: out.Messages, Events: -1}, out.Rows)
	if out.Unended {
		warnings = append(warnings, fmt.Sprintf("the stream of results ended without the mark of its last one: after %d results, some may be missing", out.Rows))
	}
	return warnings, err
}

// deliver writes the rows back as findings, if that is asked for.
func (r *remoteHunt) deliver(ctx context.Context, result account.Result) error {
	if r.server.store == nil {
		return nil
	}
	findings := cloud.Findings(result.Columns, result.Rows)
	r.bar.beat.doing("writing %d findings", len(findings))
	d, err := cloud.Deliver(ctx, r.server.store, findings, r.policy)
	if errors.Is(err, cloud.ErrIncomplete) {
		err = fmt.Errorf("%w; so that nothing is written twice, no more is written: search again later, or say --write-anyway", err)
	}
	for _, doubt := range r.server.doubts {
		r.tell("WARN", doubt.Error()+"; findings it missed are written twice, as --write-anyway says")
	}
	if err != nil {
		return err
	}
	r.delivered(d)
	return nil
}

// delivered tells what became of the findings.
func (r *remoteHunt) delivered(d cloud.Delivered) {
	r.tell("INFO", fmt.Sprintf("findings: %d written, %d were written before", d.Written, d.Known))
	if d.Refused > 0 {
		r.tell("WARN", fmt.Sprintf("%d findings were refused and are not written; the first: %v", d.Refused, d.Reason))
	}
	if d.Again > 0 {
		r.tell("WARN", fmt.Sprintf("%d findings were sent again, since their first sending was not answered and they were not found: "+
			"should the index show them late, they are there twice under one row_id", d.Again))
	}
	if d.Missing > 0 {
		r.tell("WARN", fmt.Sprintf("%d findings were accepted but are not found yet: a run before they are would write them twice; "+
			"if they never are, the user of the search may not search that index, or the collector's token writes to another", d.Missing))
	}
}

// secretFlags are flags that people expect and must not use: arguments are readable by
// every user of a machine, and stay in the shell's history.
var secretFlags = map[string]string{
	"token": "SCHTASKHUNT_TOKEN or give --token-file", "session-key": "SCHTASKHUNT_TOKEN or give --token-file",
	"auth": "SCHTASKHUNT_TOKEN or give --token-file", "password": "SCHTASKHUNT_PASSWORD or give --password-file",
	"hec-token": "SCHTASKHUNT_HEC_TOKEN or give --hec-token-file",
}

// refuseSecrets refuses them without repeating their values.
func refuseSecrets(args []string) error {
	for _, arg := range args {
		if arg == "--" {
			break
		}
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
		if instead, secret := secretFlags[name]; secret && strings.HasPrefix(arg, "-") {
			return command.Usage("flag %q is not taken: arguments can be read by others on this machine; set %s", "--"+name, instead)
		}
		if name := strings.TrimLeft(name, "-"); strings.HasPrefix(arg, "-") && (name == "insecure" || name == "insecure-skip-verify" || arg == "-k") {
			return command.Usage("flag %q is not taken: certificates are always verified; give the authority's with --ca-file", "--insecure")
		}
	}
	return nil
}
