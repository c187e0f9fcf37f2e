package app

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// EvidenceList is every report, certificate, letter and document that exported
// answers rest on.
type EvidenceList struct {
	Schema        int            `json:"schema"` // 1
	Questionnaire string         `json:"questionnaire"`
	Profile       string         `json:"profile"`
	AsOf          caiq.Date      `json:"as_of"`
	Audience      caiq.Release   `json:"audience"`
	Evidence      []EvidenceItem `json:"evidence"`
	// Withheld counts evidence that the audience may not know of.
	Withheld int `json:"withheld"`
}

// EvidenceItem is one piece of evidence and the questions whose answers name it.
type EvidenceItem struct {
	Ref           string            `json:"ref"`   // "example-saas:soc2-2026"
	Party         string            `json:"party"` // whose it is
	Kind          caiq.EvidenceKind `json:"kind"`
	Title         string            `json:"title"`
	Issuer        string            `json:"issuer"`
	System        string            `json:"system,omitempty"`
	Categories    []caiq.Category   `json:"categories,omitempty"`
	Opinion       caiq.Opinion      `json:"opinion,omitempty"`
	From          caiq.Date         `json:"from,omitzero"`
	To            caiq.Date         `json:"to,omitzero"`
	AsOf          caiq.Date         `json:"as_of,omitzero"`
	Issued        caiq.Date         `json:"issued,omitzero"`
	ReliableUntil caiq.Date         `json:"reliable_until,omitzero"`
	Release       caiq.Release      `json:"release"`
	Available     string            `json:"available,omitempty"`
	Questions     []caiq.Ref        `json:"questions"`
}

// evidenceList gathers the evidence of all answers that go out.
func (x *snapshot) evidenceList() *EvidenceList {
	l := &EvidenceList{
		Schema: 1, Questionnaire: x.record.Name, Profile: x.profile().ID, AsOf: x.asOf, Audience: x.in.Audience, Evidence: []EvidenceItem{},
	}
	withheld := make(map[string]bool)
	for _, row := range x.rows {
		if row.out == leaveOut {
			continue
		}
		for _, e := range x.carried(row) {
			if e.Release.VisibleTo(x.in.Audience) {
				l.add(e, row.Question.Question.Key)
			} else {
				withheld[e.Ref()] = true
			}
		}
	}
	l.Withheld = len(withheld)
	return l
}

func (l *EvidenceList) add(e namedEvidence, q caiq.Ref) {
	i := slices.IndexFunc(l.Evidence, func(o EvidenceItem) bool { return o.Ref == e.Ref() })
	if i < 0 {
		i = len(l.Evidence)
		l.Evidence = append(l.Evidence, e.item())
	}
	l.Evidence[i].Questions = append(l.Evidence[i].Questions, q)
}

// item is evidence as lists show it, without the questions.
func (e namedEvidence) item() EvidenceItem {
	return EvidenceItem{
		Ref: e.Ref(), Party: e.Party.Name, Kind: e.Kind, Title: e.Title, Issuer: e.Issuer, System: e.System, Categories: e.Categories,
		Opinion: e.Opinion, From: e.From, To: e.To, AsOf: e.AsOf, Issued: e.Issued, ReliableUntil: e.ReliableUntil,
		Release: e.Release, Available: e.Available,
	}
}

// notCounted is how a step says that evidence does not carry the answer.
const notCounted = "does not count"

// countedEvidence is the evidence behind steps that the engine let count.
func countedEvidence(k *caiq.Knowledge, steps []caiq.Step) []namedEvidence {
	return evidenceOf(k, slices.DeleteFunc(slices.Clone(steps), func(st caiq.Step) bool { return strings.Contains(st.Text, notCounted) }))
}

func itemsOf(evidence []namedEvidence) []EvidenceItem {
	items := make([]EvidenceItem, len(evidence))
	for i, e := range evidence {
		items[i] = e.item()
	}
	return items
}

// keepEvidence keeps what the answer under review rests on, as it is now, and
// returns the hash under which it is kept: profiles and packs change.
func (rv *reviewing) keepEvidence(ctx context.Context) (string, error) {
	r, s := &rv.record, rv.service
	if r.ProfileID == "" {
		return "", nil
	}
	if rv.c.known == nil {
		k, err := s.know(ctx, r.WorkspaceID, r.Reading.Format, r.ProfileID, 0)
		if err != nil {
			return "", err
		}
		rv.c.known = k
	}
	data, err := encodeJSON(itemsOf(carried(rv.c.known.knowledge, &rv.row.Answer)))
	if err != nil {
		return "", err
	}
	return s.store.PutBlob(ctx, r.WorkspaceID, data)
}

// keptEvidence returns what keepEvidence kept.
func (s *Service) keptEvidence(ctx context.Context, workspaceID, sum string) ([]EvidenceItem, error) {
	data, err := s.store.Blob(ctx, workspaceID, sum)
	if caiq.KindOf(err) == caiq.NotFound {
		return nil, caiq.Errorf(caiq.Conflict, "evidence_missing", "the evidence that was kept with the approval is not there any more").WithHint("restore a backup")
	}
	if err != nil {
		return nil, err
	}
	var items []EvidenceItem
	return items, json.Unmarshal(data, &items)
}

func (l *EvidenceList) encode() ([]byte, error) { return encodeJSON(l) }

// encodeJSON writes JSON for files: two blanks of indent, no HTML escapes, a
// final line feed.
func encodeJSON(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
