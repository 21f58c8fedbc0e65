package chunked

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// Actions of a request.
const (
	ActionGetInfo = "getinfo" // asks what the command is; its body is empty
	ActionExecute = "execute" // brings rows; answered with rows
)

// DefaultMaxResultRows is Splunk's default for the rows of one chunk (limits.conf,
// [searchresults] maxresultrows), used where the request does not say.
const DefaultMaxResultRows = 50000

// Request is the metadata of a chunk from splunkd. SearchInfo comes with getinfo
// only: execute requests do not repeat it.
type Request struct {
	Action     string
	Preview    bool // the process serves a preview of a running search
	Finished   bool // this execute request is the last
	SearchInfo SearchInfo
}

// SearchInfo describes the search that the command is part of.
type SearchInfo struct {
	Args          []string // arguments with quotes and escapes removed
	RawArgs       []string // arguments as typed
	DispatchDir   string
	SID           string
	App           string
	Owner         string
	Username      string
	SessionKey    SessionKey
	SplunkdURI    string
	SplunkVersion string // a version number or a build date
	Search        string // the search, URL-encoded
	Command       string // absent before Splunk 6.5
	MaxResultRows int    // rows per chunk, always positive
	EarliestTime  float64
	LatestTime    float64 // epoch seconds; 0 = unbounded
}

// DryRun tells that this process serves splunkd's parser or optimiser and will be
// sent no rows: these have no search id, or one of a kind that no search has (the
// rule of Splunk's AI Toolkit). There is no dispatch directory then, and no
// session key need work.
func (s *SearchInfo) DryRun() bool {
	return s.SID == "" || s.SID == "tmp" ||
		strings.HasPrefix(s.SID, "searchparsetmp") || strings.HasSuffix(s.SID, "_tmp")
}

// ParseRequest decodes the metadata of a request. Only its being a JSON object
// with an action is required: unknown keys are ignored, and a known key that is
// missing or of another type than expected has its zero value (MaxResultRows its
// default). Versions of Splunk differ in both. Nothing aliases metadata.
func ParseRequest(metadata []byte) (Request, error) {
	top, err := parseObject(metadata)
	if err != nil {
		return Request{}, fmt.Errorf("reading request metadata: %w", err)
	}
	r := Request{Action: top.text("action"), Preview: top.flag("preview"), Finished: top.flag("finished")}
	if r.Action == "" {
		return Request{}, fmt.Errorf("reading request metadata: no action in it")
	}
	info, _ := parseObject(top["searchinfo"]) // of another type: as good as absent
	r.SearchInfo = info.searchInfo()
	return r, nil
}

// object is a JSON object whose values are decoded one at a time, so that a bad
// one costs no other.
type object map[string]json.RawMessage

func parseObject(text []byte) (object, error) {
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, err
	}
	if o == nil {
		return nil, fmt.Errorf("not a JSON object")
	}
	return o, nil
}

func (o object) searchInfo() SearchInfo {
	return SearchInfo{
		Args:          o.list("args"),
		RawArgs:       o.list("raw_args"),
		DispatchDir:   o.text("dispatch_dir"),
		SID:           o.text("sid"),
		App:           o.text("app"),
		Owner:         o.text("owner"),
		Username:      o.text("username"),
		SessionKey:    NewSessionKey(o.text("session_key")),
		SplunkdURI:    o.text("splunkd_uri"),
		SplunkVersion: o.text("splunk_version"),
		Search:        o.text("search"),
		Command:       o.text("command"),
		MaxResultRows: o.rows("maxresultrows"),
		EarliestTime:  o.number("earliest_time"),
		LatestTime:    o.number("latest_time"),
	}
}

// text is a string, or a number as it is spelt; anything else is "".
func (o object) text(key string) string {
	raw := o[key]
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var f float64
	if json.Unmarshal(raw, &f) == nil {
		return strings.TrimSpace(string(raw))
	}
	return ""
}

// list is the elements of an array that are strings or numbers.
func (o object) list(key string) []string {
	var raws []json.RawMessage
	if json.Unmarshal(o[key], &raws) != nil {
		return nil
	}
	out := make([]string, 0, len(raws))
	for _, raw := range raws {
		out = append(out, object{"": raw}.text(""))
	}
	return out
}

// number is a finite number, spelt as such or in a string: splunkd sends times as
// strings.
func (o object) number(key string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(o.text(key)), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

func (o object) rows(key string) int {
	if n := o.number(key); n >= 1 && n <= math.MaxInt32 {
		return int(n)
	}
	return DefaultMaxResultRows
}

// flag is a boolean; Splunk's other spellings of one are understood.
func (o object) flag(key string) bool {
	var b bool
	if json.Unmarshal(o[key], &b) == nil {
		return b
	}
	switch strings.ToLower(o.text(key)) {
	case "1", "t", "true", "yes":
		return true
	}
	return false
}
