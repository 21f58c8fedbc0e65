package cloud

import (
	"errors"
	"fmt"
	"strings"
)

// ErrIncomplete is what a lookup wraps that may not have seen every finding.
var ErrIncomplete = errors.New("the search that looks up findings may not have seen all")

// harmless are beginnings of what splunkd warns of on searches that saw everything:
// slow starts, slow extractions and quotas that are near. What is not among them is
// taken for a sign that something is missing.
var harmless = []string{
	"Configuration initialization for ",
	"Field extractor name=",
	"The system is approaching the maximum number of ",
}

// Incomplete says why the results of a search that is done, of which rows came, may not
// be all there are: "" when nothing speaks against it. It is stricter than Warnings: a
// hunt can be read with a warning beside it, and a finding that was not found is
// written.
func Incomplete(s Status, rows int) string {
	for _, m := range s.Messages {
		if isWarning(m.Level) && !isHarmless(m.Text) {
			return "the server says: " + m.Text
		}
	}
	switch {
	case s.Partial != "":
		return s.Partial
	case s.Results < 0:
		return "the server does not tell how many results there are"
	case rows < s.Results:
		return fmt.Sprintf("of %d results %d came", s.Results, rows)
	case s.Limit > 0 && rows >= s.Limit:
		return fmt.Sprintf("the server keeps %d results, and there may be more", s.Limit)
	}
	return ""
}

func isWarning(level string) bool {
	return level == "WARN" || level == "ERROR" || level == "FATAL"
}

func isHarmless(text string) bool {
	for _, beginning := range harmless {
		if strings.HasPrefix(text, beginning) {
			return true
		}
	}
	return false
}
