package mapping

import (
	"slices"
	"strings"

	"caique/internal/caiq"
)

// lintResponsibility checks the notes of a framework, or those of one provider
// in a file named like its profile.
func lintResponsibility(at place, c *catalogue, n *caiq.ResponsibilityNotes, name string) {
	lintSchema(at, n.Schema)
	ofProvider := slices.Contains(c.library.ProfileIDs(), name)
	if !ofProvider {
		lintFileName(at.field("framework"), string(n.Framework), name)
	}
	l := noteLint{catalogue: c, ofProvider: ofProvider, seen: make(map[string]string), texts: make(duplicates)}
	for i, note := range n.Notes {
		l.note(at.field("notes").item(i), n.Framework, note)
	}
	if !ofProvider {
		c.unnoted(at.field("notes"), n.Framework)
	}
}

type noteLint struct {
	*catalogue
	ofProvider bool
	seen       map[string]string // control → its note
	texts      duplicates
}

func (l *noteLint) note(at place, framework caiq.FrameworkID, n caiq.Responsibility) {
	l.member(at.field("control"), framework, n.Control)
	if first, again := l.seen[n.Control]; again {
		at.field("control").errorf("duplicate_entry", "%s has a note already, %s", n.Control, first)
	}
	l.seen[n.Control] = at.path
	l.text(at.field("provider"), n.Provider, true)
	l.text(at.field("service"), n.Service, !l.ofProvider)
	l.text(at.field("customer"), n.Customer, true)
	l.text(at.field("evidence"), n.Evidence, true)
	splits := models()
	if l.ofProvider {
		splits = []string{"infrastructure", "managed", "serverless"}
	}
	for _, split := range sortedKeys(n.Models) {
		oneOf(at.field("models").key(split), split, splits)
		at.field("models").key(split).required(n.Models[split])
	}
}

func (l *noteLint) text(at place, text string, required bool) {
	if required {
		at.required(text)
	} else {
		at.optional(text)
	}
	l.texts.see(at, text)
}

func models() []string { return []string{"iaas", "paas", "saas"} }

// unnoted lists the controls of a framework that no note speaks of.
func (c *catalogue) unnoted(at place, framework caiq.FrameworkID) {
	f, err := c.library.Framework(framework)
	if err != nil {
		return // reported in its own file
	}
	var missing []string
	for _, control := range f.Controls {
		notes, err := c.library.Responsibilities(caiq.MakeRef(string(framework), control.ID))
		if err == nil && len(notes) == 0 {
			missing = append(missing, control.ID)
		}
	}
	if len(missing) > 0 {
		at.warnf("note_missing", "%s no note, nor has the same control of another version: %s", caiq.Counted(len(missing), "control has", "controls have"), strings.Join(missing, ", "))
	}
}
