package bundle

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Finding is a check of Splunk's AppInspect that did not simply pass: its result is
// failure, error, warning, manual_check, future_failure or skipped.
type Finding struct {
	Check, Result string
}

// Inspect runs AppInspect on a package, in precert mode with the given tag or, for "",
// with all, and returns what did not pass, sorted. tool is the program
// splunk-appinspect. A failure is a finding; the error says that it could not be run.
func Inspect(ctx context.Context, tool, packed, tag string) ([]Finding, error) {
	folder, err := os.MkdirTemp("", "appinspect-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	report := filepath.Join(folder, "report.json")
	args := []string{"inspect", packed, "--mode", "precert", "--skip-trusted-libraries-update",
		"--max-messages", "all", "--data-format", "json", "--output-file", report}
	if tag != "" {
		args = append(args, "--included-tags", tag)
	}
	// Its exit code tells of failures what the report tells better.
	said, failed := exec.CommandContext(ctx, tool, args...).CombinedOutput()
	text, err := os.ReadFile(report)
	if err != nil {
		return nil, fmt.Errorf("running AppInspect on %s: no report: %w\n%s", packed, cmp.Or(failed, err), said)
	}
	findings, err := ReadReport(text)
	if err != nil {
		return nil, fmt.Errorf("running AppInspect on %s: %w", packed, err)
	}
	return findings, nil
}

// ReadReport reads a report of AppInspect in its JSON form. A report of no checks is
// an error: nothing was inspected.
func ReadReport(text []byte) ([]Finding, error) {
	var report struct {
		Reports []struct {
			Groups []struct {
				Checks []struct{ Name, Result string }
			}
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return nil, fmt.Errorf("reading the report: %w", err)
	}
	var findings []Finding
	checks := 0
	for _, r := range report.Reports {
		for _, group := range r.Groups {
			for _, check := range group.Checks {
				checks++
				if check.Result != "success" && check.Result != "not_applicable" {
					findings = append(findings, Finding{check.Name, check.Result})
				}
			}
		}
	}
	if checks == 0 {
		return nil, fmt.Errorf("reading the report: it holds no checks")
	}
	return unique(findings), nil
}

// excused is a row of a table of findings that stay, with the reason.
var excused = regexp.MustCompile("(?m)^\\| `(check_[a-z0-9_]+)` \\| ([a-z_]+) \\| [^|\n]{20,} \\|$")

// Excused returns the findings that a text lists, each with its reason, as rows of a
// table: check, result, reason.
func Excused(text string) (findings []Finding) {
	for _, row := range excused.FindAllStringSubmatch(text, -1) {
		findings = append(findings, Finding{row[1], row[2]})
	}
	return unique(findings)
}

// Judge compares what was found with what is excused. Failures and errors have no
// excuse, and an excuse for what was not found is out of date.
func Judge(found, excused []Finding) error {
	var wrong []string
	for _, f := range unique(found) {
		switch {
		case f.Result == "failure" || f.Result == "error":
			wrong = append(wrong, f.Check+" ends in "+f.Result)
		case !slices.Contains(excused, f):
			wrong = append(wrong, f.Check+" ends in "+f.Result+" and is not listed with a reason")
		}
	}
	for _, f := range excused {
		if !slices.Contains(found, f) {
			wrong = append(wrong, f.Check+" is listed with "+f.Result+" and was not found so")
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("AppInspect: %s", strings.Join(wrong, "; "))
	}
	return nil
}

func unique(findings []Finding) []Finding {
	findings = slices.Clone(findings)
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Check, b.Check), cmp.Compare(a.Result, b.Result))
	})
	return slices.Compact(findings)
}
