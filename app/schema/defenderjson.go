package schema

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// setDefenderAggregate takes the number of connections that an AggregatedReport row
// stands for, from the JSON in AdditionalFields.
func setDefenderAggregate(d *draft, v []byte) bool {
	if !bytes.Contains(v, []byte("uniqueEventsAggregated")) {
		return false
	}
	var extra struct {
		Unique any `json:"uniqueEventsAggregated"`
	}
	if json.Unmarshal(v, &extra) != nil {
		return false
	}
	return setWeight(d, numeral(extra.Unique))
}

// setDefenderLookup takes a DnsQueryResponse from the JSON in AdditionalFields. The
// asking process is known by process id and name only, and ids come as text.
func setDefenderLookup(d *draft, v []byte) bool {
	var extra struct {
		Query   string          `json:"DnsQueryString"`
		Results json.RawMessage `json:"DnsQueryResult"`
		Name    string          `json:"ClientProcessName"`
		PID     any             `json:"ClientProcessId"`
	}
	if json.Unmarshal(v, &extra) != nil || extra.Query == "" {
		return false
	}
	setSym(d, &d.query, []byte(extra.Query))
	if extra.Name != "" {
		setName(d, &d.self, []byte(extra.Name))
	}
	setPID(&d.self.PID, numeral(extra.PID))
	setSym(d, &d.answers, []byte(lookupAnswers(extra.Results)))
	return true
}

// lookupAnswers joins the results of a lookup by semicolons, as Sysmon does. Each is
// a JSON object in a text. What is in another form is left out: it is no reason to
// lose the lookup.
func lookupAnswers(results json.RawMessage) string {
	var texts []string
	if json.Unmarshal(results, &texts) != nil {
		return ""
	}
	var answers []string
	for _, text := range texts {
		var answer struct{ Result string }
		if json.Unmarshal([]byte(text), &answer) == nil && answer.Result != "" {
			answers = append(answers, answer.Result)
		}
	}
	return strings.Join(answers, ";")
}

// numeral returns a JSON number, or a number in a string, as its digits.
func numeral(v any) []byte {
	switch n := v.(type) {
	case string:
		return []byte(n)
	case float64:
		return strconv.AppendFloat(nil, n, 'f', -1, 64)
	}
	return nil
}
