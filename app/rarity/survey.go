package rarity

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Kind is what a fact about a task is.
type Kind uint8

// The kinds of facts, what tells most first: where several depart together, the first
// names the finding.
const (
	Child       Kind = iota // a process beneath another: "parent>child", file names in lower case; of a task as such, "*>name"
	Destination             // where it connects to or what name it looks up: a destination's key
	User                    // who it runs as: an account of the system, or a person
	Hash                    // the digest of a program: "name|digest"
	Trait                   // a habit of attackers: see package score
	Claim                   // a name or action of one of Windows' own tasks that the task's other half belies: see package stock
	Kinds       int  = iota
)

// AnyTask stands for the parent of what is itself a task, which no program is called, and in
// a census for the task that such facts are of.
const AnyTask = "*"

// Text is the number of a text in a Survey.
type Text int32

// Fact is one thing that a task does.
type Fact struct {
	Kind Kind
	Text Text
}

// Task is everything with one template: what it does, when and where.
type Task struct {
	Template Text
	Seen
	Facts map[Fact]*Seen
}

// Survey counts over all devices what their trees do, in memory that grows with distinct
// things rather than with runs. It is safe for concurrent use until Settle; the order in
// which devices come has no say in what it tells.
type Survey struct {
	mu      sync.Mutex
	known   map[string]Text
	texts   []string
	tasks   map[Text]*Task
	named   map[stands]struct{}
	Fleet   map[Fact]*Seen // over all tasks
	Devices []Watch        // by Device
}

// Watch is what a survey knows of a device as a whole.
type Watch struct {
	Name string // as it is shown
	Watched
}

// NewSurvey returns a survey that has seen nothing.
func NewSurvey() *Survey {
	return &Survey{known: make(map[string]Text), tasks: make(map[Text]*Task), named: make(map[stands]struct{}), Fleet: make(map[Fact]*Seen)}
}

// Text returns a text by its number.
func (s *Survey) Text(t Text) string { return s.texts[t] }

// Find returns the number of a text, false when nothing has it.
func (s *Survey) Find(text string) (Text, bool) {
	t, known := s.known[text]
	return t, known
}

// MostText is how long a text is in a survey, in bytes. Of a longer one, which nobody's
// program has, the beginning and a digest of all stand for it.
const MostText = 8 << 10

func bounded(text []byte) []byte {
	if len(text) <= MostText {
		return text
	}
	return fmt.Appendf(nil, "%s<tail:%d:%x>", text[:MostText-100], len(text), sha256.Sum256(text))
}

func (s *Survey) intern(text []byte) Text {
	text = bounded(text)
	t, known := s.known[string(text)]
	if !known {
		t = Text(len(s.texts))
		s.texts = append(s.texts, string(text))
		s.known[s.texts[t]] = t
	}
	return t
}

// IsProgram reports whether a fact of the fleet says what program some task is. It is of no
// task.
func (s *Survey) IsProgram(f Fact) bool {
	return f.Kind == Child && strings.HasPrefix(s.Text(f.Text), AnyTask+">")
}

// Task returns the task with a template, nil for none.
func (s *Survey) Task(template Text) *Task { return s.tasks[template] }

// Tasks are all tasks by template. The map is the survey's own.
func (s *Survey) Tasks() map[Text]*Task { return s.tasks }

// Add adds a device that was not added before, and returns its number. What the visit
// says of runs is in the survey's numbers from then on.
func (s *Survey) Add(v *Visit, symbols *event.Symbols) Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := Device(len(s.Devices))
	s.Devices = append(s.Devices, Watch{v.Name, v.Watched})
	for i := range v.tasks {
		v.tasks[i].number = s.intern(symbols.Bytes(v.tasks[i].template))
		s.task(v.tasks[i].number).add(On{Device: d, Sight: v.tasks[i].Sight})
	}
	facts := make([]Fact, len(v.fleet))
	for i := range v.fleet {
		seen := &v.fleet[i]
		facts[i] = Fact{seen.kind, s.intern(symbols.Bytes(seen.text))}
		s.fleet(facts[i]).add(On{Device: d, Sight: seen.Sight})
	}
	for i := range v.facts {
		f := &v.facts[i]
		f.number, f.Device = facts[f.fact], d
		f.settle(symbols)
		s.task(v.tasks[f.task].number).fact(f.number).add(f.On)
	}
	for one := range v.named {
		s.named[stands{s.intern(symbols.Bytes(one.address)), s.intern(symbols.Bytes(one.name))}] = struct{}{}
	}
	return d
}

func (s *Survey) task(template Text) *Task {
	t := s.tasks[template]
	if t == nil {
		t = &Task{Template: template, Facts: make(map[Fact]*Seen)}
		s.tasks[template] = t
	}
	return t
}

func (t *Task) fact(f Fact) *Seen {
	seen := t.Facts[f]
	if seen == nil {
		seen = &Seen{}
		t.Facts[f] = seen
	}
	return seen
}

func (s *Survey) fleet(f Fact) *Seen {
	seen := s.Fleet[f]
	if seen == nil {
		seen = &Seen{}
		s.Fleet[f] = seen
	}
	return seen
}

// IsCommon reports whether nothing about a run is rare any more: its task is on more than
// max devices, 0 for no limit, and it and all of its facts are on more devices than a survey
// remembers. What is common stays so.
func (s *Survey) IsCommon(r Run, max int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	task := s.tasks[r.Task]
	if task == nil {
		return false
	}
	if !task.Common() || max == 0 || task.Devices() <= max {
		return false
	}
	for _, f := range r.Facts {
		if !task.Facts[f].Common() {
			return false
		}
	}
	return true
}

// Learn joins the tasks whose templates turn out to be one, as final says, template by
// template. Call it once, after all devices.
func (s *Survey) Learn(final func(template string) string) (was map[Text]Text) {
	was = make(map[Text]Text, len(s.tasks))
	old := s.tasks
	s.tasks = make(map[Text]*Task, len(old))
	for template, task := range old {
		to := s.intern([]byte(final(s.texts[template])))
		was[template] = to
		if s.tasks[to] == nil {
			task.Template = to
			s.tasks[to] = task
			continue
		}
		s.tasks[to].merge(task)
	}
	return was
}

func (t *Task) merge(o *Task) {
	t.Seen.merge(&o.Seen)
	for f, seen := range o.Facts {
		if t.Facts[f] == nil {
			t.Facts[f] = seen
			continue
		}
		t.Facts[f].merge(seen)
	}
}
