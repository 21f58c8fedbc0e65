package cli

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/sample"
	"github.com/schtaskhunt/schtaskhunt/app/sample/realistic"
)

var sampleFlags = []command.Flag{
	{Name: "devices", Value: "<n>", Default: "200", Check: command.Whole(1), Help: "machines of the fleet"},
	{Name: "days", Value: "<n>", Default: "7", Check: command.Whole(1), Help: "days of history"},
	{Name: "seed", Value: "<n>", Default: "1", Check: command.Whole(0), Help: "what all randomness grows from: the same seed, the same bytes"},
	{Name: "format", Value: "sysmon|sysmon-xml|defender|falcon", Default: sample.FormatSysmon, Check: command.OneOf(sample.AllFormats()...),
		Help: "what the events look like"},
	{Name: "scale", Value: "<x>", Default: "1", Check: positive, Help: "ordinary activity; 1 is about 270 events a device and day"},
	{Name: "profile", Value: "plain|realistic|roots", Default: "plain", Check: command.OneOf("plain", "realistic", "roots"),
		Help: "realistic: many kinds of common tasks, a long tail of rare benign ones, churn, and 24 kinds of planted channels; roots: the same beneath services, WMI, WinRM, DCOM, Office, web servers and logons"},
	{Name: "tail", Value: "<x>", Default: "0.25", Check: share, Help: "of the realistic profiles: rare benign kinds of tasks a device"},
	{Name: "fresh", Value: "<days>", Default: "0", Check: share, Help: "of the realistic profiles: the planted channels begin within the last days; 0 is before the log"},
	{Name: "hijacks", Help: "of the realistic profile: four more channels, tasks of Windows that keep their name and change action, child, class or destination"},
	{Name: "one-file", Help: "one file of events instead of one a day"},
	{Name: "gzip", Help: "compress the files of events"},
}

var samplePage = command.Page{
	Name: "sample", Line: "writes a generated fleet with planted tasks, and their key planted.csv", Usage: []string{"sample [flags] FOLDER"}, Flags: sampleFlags,
	Examples: []string{"schtaskhunt sample --devices 200 --days 7 --seed 1 fleet", "schtaskhunt sample --profile realistic --format sysmon-xml --gzip fleet"},
}

func positive(text string) (string, error) {
	if x, err := strconv.ParseFloat(text, 64); err != nil || !(x > 0) {
		return "", fmt.Errorf("%q is not a number above 0", text)
	}
	return text, nil
}

func share(text string) (string, error) {
	if x, err := strconv.ParseFloat(text, 64); err != nil || !(x >= 0) {
		return "", fmt.Errorf("%q is not a number of at least 0", text)
	}
	return text, nil
}

// makeSample writes a generated fleet.
func makeSample(args []string, s Streams) error {
	rest, err := command.ParseDeclared(args, sampleFlags...)
	if err != nil {
		return err
	}
	if rest.Help {
		return s.help(samplePage)
	}
	if len(rest.Files) != 1 {
		return command.Usage("sample needs one folder to write to: schtaskhunt sample --devices 200 --days 7 fleet")
	}
	if err := checkProfile(rest); err != nil {
		return err
	}
	if rest.Value("profile") != "plain" {
		return makeRealistic(rest, s)
	}
	scale, _ := strconv.ParseFloat(rest.Value("scale"), 64)
	sum, err := sample.Generate(sample.Config{
		Devices: rest.Int("devices"), Days: float64(rest.Int("days")), Seed: uint64(rest.Int("seed")),
		Format: rest.Value("format"), Scale: scale, OneFile: rest.Switch("one-file"), Gzip: rest.Switch("gzip"),
	}, rest.Files[0])
	if err != nil {
		return ofSample(err)
	}
	fmt.Fprintf(s.Err, "wrote %d events of %d devices to %s; %d planted trees with %d connections stand in %s\n",
		sum.Events, sum.Devices, rest.Files[0], sum.PlantedTrees, sum.PlantedConnections, sample.KeyFile)
	return nil
}

// ofSample is an error of the generator's: a number that cannot be is wrong usage.
func ofSample(err error) error {
	if wrong := (*sample.ConfigError)(nil); errors.As(err, &wrong) {
		return command.Usage("flag %q: %s", "--"+wrong.Field, wrong.Text)
	}
	return err
}

// checkProfile refuses flags that the chosen profile does not heed.
func checkProfile(rest command.Rest) error {
	realistic := rest.Value("profile") != "plain"
	switch {
	case realistic && rest.Value("scale") != "1":
		return command.Usage("--scale goes with --profile plain only; the realistic profiles have the activity that measured fleets have")
	case !realistic && (rest.Value("tail") != "0.25" || rest.Value("fresh") != "0"):
		return command.Usage("--tail and --fresh go with --profile realistic and roots only")
	case rest.Value("profile") != "realistic" && rest.Switch("hijacks"):
		return command.Usage("--hijacks goes with --profile realistic only")
	}
	return nil
}

// makeRealistic writes a fleet of the realistic profile.
func makeRealistic(rest command.Rest, s Streams) error {
	tail, _ := strconv.ParseFloat(rest.Value("tail"), 64)
	fresh, _ := strconv.ParseFloat(rest.Value("fresh"), 64)
	sum, err := realistic.Generate(realistic.Config{
		Devices: rest.Int("devices"), Days: rest.Int("days"), Seed: uint64(rest.Int("seed")), Format: rest.Value("format"),
		Roots: rest.Value("profile") == "roots", Tail: tail, Fresh: fresh, Hijacks: rest.Switch("hijacks"), OneFile: rest.Switch("one-file"), Gzip: rest.Switch("gzip"),
	}, rest.Files[0])
	if err != nil {
		return ofSample(err)
	}
	fmt.Fprintf(s.Err, "wrote %d events of %d devices to %s; %d planted channels with %d runs stand in %s, among %d rare benign kinds\n",
		sum.Events, sum.Devices, rest.Files[0], sum.Channels, sum.Runs, realistic.KeyFile, sum.Tail)
	return nil
}
