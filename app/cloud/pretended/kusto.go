package pretended

import (
	"encoding/json"
	"hash/fnv"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Kusto answers like the Log Analytics query API and like Graph's runHuntingQuery. Of KQL it
// knows what the program writes: a table, where by time and by shares of devices, project.
// Sources: Microsoft's reference of both APIs.
type Kusto struct {
	server
	// Tables are the rows of each table, as its columns have them.
	Tables map[string][]map[string]any
	// Token is what requests have to bear; an empty one is any.
	Token string
	// Most is how many rows an answer has at most. What is beyond is left out, which Graph says
	// nothing of, and Log Analytics tells as a partial error.
	Most int
	// Clock is what the server's clock is off by.
	Clock time.Duration
	// Queries are those that came.
	Queries []string
}

// NewKusto starts a stand-in, which ends with the test.
func NewKusto(t testing.TB, k *Kusto) *Kusto {
	web := k.start(t, false, k.answer)
	k.URL = web.URL
	return k
}

var (
	kustoTimes   = regexp.MustCompile(`\| where (\w+) >= datetime\(([^)]*)\) and \w+ < datetime\(([^)]*)\)`)
	kustoShare   = regexp.MustCompile(`\| where hash\(tolower\(tostring\((\w+)\)\), (\d+)\) == (\d+)`)
	kustoProject = regexp.MustCompile(`\| project (.*)`)
)

func (k *Kusto) answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", time.Now().Add(k.Clock).UTC().Format(http.TimeFormat))
	var asked struct{ Query string }
	if k.Token != "" && r.Header.Get("Authorization") != "Bearer "+k.Token {
		kustoError(w, http.StatusUnauthorized, "InvalidAuthenticationToken", "the token "+r.Header.Get("Authorization")+" is not good")
		return
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || r.Method != http.MethodPost {
		kustoError(w, http.StatusBadRequest, "BadArgumentError", "no query")
		return
	}
	k.Queries = append(k.Queries, asked.Query)
	table, _, _ := strings.Cut(asked.Query, "\n")
	rows, known := k.Tables[strings.TrimSpace(table)]
	if !known && !strings.HasPrefix(table, "print") {
		kustoError(w, http.StatusBadRequest, "SemanticError", "'where' operator: Failed to resolve table or column expression named '"+table+"'")
		return
	}
	rows = k.where(rows, asked.Query)
	partial := k.Most > 0 && len(rows) > k.Most
	if partial {
		rows = rows[:k.Most]
	}
	columns := []string{"print_0"}
	if p := kustoProject.FindStringSubmatch(asked.Query); p != nil {
		columns = strings.Split(p[1], ", ")
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(kustoBody(strings.Contains(r.URL.Path, "runHuntingQuery"), columns, rows, partial))
}

// where keeps the rows that a query asks for.
func (k *Kusto) where(rows []map[string]any, query string) (kept []map[string]any) {
	times := kustoTimes.FindStringSubmatch(query)
	share := kustoShare.FindStringSubmatch(query)
	for _, row := range rows {
		if times != nil {
			text, _ := row[times[1]].(string)
			at, err := time.Parse(time.RFC3339Nano, text)
			from, _ := time.Parse(time.RFC3339Nano, times[2])
			to, _ := time.Parse(time.RFC3339Nano, times[3])
			if err != nil || at.Before(from) || !at.Before(to) {
				continue
			}
		}
		if share != nil {
			device, _ := row[share[1]].(string)
			sum := fnv.New32a()
			_, _ = sum.Write([]byte(strings.ToLower(device)))
			n, _ := strconv.Atoi(share[2])
			if strconv.Itoa(int(sum.Sum32())%n) != share[3] {
				continue
			}
		}
		kept = append(kept, row)
	}
	return kept
}

func kustoBody(graph bool, columns []string, rows []map[string]any, partial bool) any {
	if graph {
		schema, results := make([]any, 0, len(columns)), make([]map[string]any, 0, len(rows))
		for _, c := range columns {
			schema = append(schema, map[string]string{"name": c, "type": "String"})
		}
		for _, row := range rows {
			one := map[string]any{}
			for _, c := range columns {
				one[c] = row[c]
			}
			results = append(results, one)
		}
		return map[string]any{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#security", "schema": schema, "results": results}
	}
	names, list := make([]any, 0, len(columns)), make([][]any, 0, len(rows))
	for _, c := range columns {
		names = append(names, map[string]string{"name": c, "type": "string"})
	}
	for _, row := range rows {
		one := []any{}
		for _, c := range columns {
			one = append(one, row[c])
		}
		list = append(list, one)
	}
	body := map[string]any{"tables": []any{map[string]any{"name": "PrimaryResult", "columns": names, "rows": list}}}
	if partial {
		body["error"] = map[string]any{"code": "PartialError", "message": "There were some errors when processing your query.",
			"details": []any{map[string]string{"code": "EngineError", "message": "Query result set has exceeded the internal record count limit"}}}
	}
	return body
}

func kustoError(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": "The request had some invalid properties", "code": "BadArgumentError",
		"innererror": map[string]string{"code": code, "message": message}}})
}

// PartialError answers with the first half of the rows and says that others are missing, as
// Log Analytics does where a cluster fails.
func PartialError() Fault {
	return func(w http.ResponseWriter, r *http.Request, honest http.HandlerFunc) bool {
		answer := httptest.NewRecorder()
		honest(answer, r)
		var body map[string]any
		if json.Unmarshal(answer.Body.Bytes(), &body) != nil || body["tables"] == nil {
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
			return true
		}
		table := body["tables"].([]any)[0].(map[string]any)
		rows := table["rows"].([]any)
		table["rows"] = slices.Clone(rows[:len(rows)/2])
		body["error"] = map[string]any{"code": "PartialError", "message": "There were some errors when processing your query."}
		_ = json.NewEncoder(w).Encode(body)
		return true
	}
}
