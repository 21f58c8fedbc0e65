package roots

import (
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// clockSlack is by how much a child may seem older than its parent: sensors round times.
const clockSlack = 2 * event.Second

// judge says whether a process that one of the preset's parents started is a root.
func (p *Preset) judge(b *tree.Birth) tree.Judgement {
	from := find(p.parents, stem(parentName(b)))
	switch {
	case from != nil && !from.genuine(b):
		return tree.Judgement{Verdict: tree.Pretended}
	case p.startsItself(b):
		return tree.Judgement{Verdict: tree.Passed}
	case from != nil && from.within != 0 && !b.Dated:
		return tree.Judgement{Verdict: tree.Undated}
	case from != nil && from.within != 0 && (b.Age > from.within || b.Age < -clockSlack):
		return tree.Judgement{Verdict: tree.Late}
	}
	label := p.label(b)
	if label == tree.Usual && slices.Contains(p.leaves, stem(b.Name)) {
		return tree.Judgement{Verdict: tree.Leaf, Label: label}
	}
	return tree.Judgement{Label: label}
}

func parentName(b *tree.Birth) string {
	if b.Parent.Name != "" {
		return b.Parent.Name
	}
	return image(b.Parent.Command)
}

// genuine reports whether nothing speaks against the parent being what its name says: its
// place, and the name of its own parent.
func (p *parent) genuine(b *tree.Birth) bool {
	if !isAt(place(b.Parent.Path, b.Parent.Name), p.folders) {
		return false
	}
	over := stem(b.Grandparent.Name)
	return over == "" || len(p.from) == 0 || slices.Contains(p.from, over)
}

// startsItself reports whether a process is one more of its parent's kind: a server's worker,
// a second window. What it starts is a root then, and it is none.
func (p *Preset) startsItself(b *tree.Birth) bool {
	return stem(b.Name) == stem(parentName(b)) && starter{p.parents}.Starts(b.Name, b.Command) == tree.Yes
}

// ordinary are the places in which programs are that an administrator has installed.
var ordinary = []string{`\windows`, `\program files`, `\program files (x86)`, `\programdata\microsoft\windows defender`}

// label says what is known of a root's program beforehand.
func (p *Preset) label(b *tree.Birth) tree.Label {
	name, at := stem(b.Name), place(b.Path, b.Name)
	if isOdd(name, at) || listed(p.odd, name) {
		return tree.Odd
	}
	switch {
	case listed(p.usual, name) && (isBelow(at, ordinary) || isBelow(at, p.places) && at != ""):
		return tree.Usual
	case listed(p.usual, name): // elsewhere an administrator may have put it, or somebody else
		return tree.Unlabelled
	case isOpen(at) && !isBelow(at, p.places):
		return tree.Odd
	}
	return tree.Unlabelled
}

// listed reports whether a list has a name; a * at the end of an entry stands for anything.
func listed(list []string, name string) bool {
	for _, entry := range list {
		if prefix, open := strings.CutSuffix(entry, "*"); entry == name || open && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// oddAnywhere are the shells, script hosts and programs that run others' code (ATT&CK T1059
// and T1218, LOLBAS): administrators' tools start them too, attackers' more often.
var oddAnywhere = strings.Fields(`cmd powershell pwsh powershell_ise wscript cscript mshta rundll32 regsvr32 msbuild installutil
	regasm regsvcs cmstp msxsl odbcconf certutil bitsadmin forfiles hh wmic schtasks at curl psexesvc sh bash dash zsh`)

func isOdd(name, place string) bool {
	return slices.Contains(oddAnywhere, name) || strings.HasPrefix(place, `\\`) // a share
}

// isOpen reports whether anyone may write to a folder, or the person logged on may.
func isOpen(place string) bool {
	return isBelow(place, []string{`\users`, `\programdata`, `\windows\temp`, `\windows\tasks`, `\perflogs`, `\$recycle.bin`,
		`\documents and settings`, `\temp`, `\tmp`, `\dev\shm`, `\var\tmp`}) && place != ""
}
