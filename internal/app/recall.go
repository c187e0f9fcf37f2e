package app

import (
	"context"
	"slices"

	"caique/internal/caiq"
)

// recall returns questions as they are to be answered: what a reviewer matched
// the same words to, or what they came in as before with an identifier, decides
// what the file left open.
func (s *Service) recall(ctx context.Context, workspaceID string, questions []caiq.Question) ([]caiq.Question, error) {
	m, err := s.remember(ctx, workspaceID, questions)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(questions)
	for i := range out {
		m.recall(&out[i], "", 0)
	}
	return out, nil
}

// recallRows is recall for questions of a questionnaire: what was matched on a
// row itself comes first. What an approved answer was matched to stays with it,
// since what others learn meanwhile is no reason to doubt it.
func (s *Service) recallRows(ctx context.Context, workspaceID string, rows []caiq.ReviewRow) ([]caiq.Question, error) {
	out := make([]caiq.Question, len(rows))
	for i := range rows {
		out[i] = rows[i].Question.Question
	}
	m, err := s.remember(ctx, workspaceID, out)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		read := out[i].Match
		m.recall(&out[i], rows[i].Question.RecordID, rows[i].Question.N)
		if read.Kind == caiq.MatchNone {
			keep(&rows[i].Answer, &out[i])
		}
	}
	return out, nil
}

// keep has an approved answer rest on what its question was matched to then.
func keep(a *caiq.StoredAnswer, q *caiq.Question) {
	if a.State != caiq.StateApproved {
		return
	}
	then := a.Proposal.Question
	if k := q.Match.Pick; k != nil && k.Question == then && !k.At.After(a.ApprovedAt) || q.Match.Kind == caiq.MatchKnown && q.Match.Question == then {
		return
	}
	q.Match = caiq.Match{Kind: caiq.MatchLeft}
	if then.IsQuestion() {
		q.Match = caiq.Match{Kind: caiq.MatchFound, Question: then}
	}
}

// remembered is what a workspace knows of some texts.
type remembered struct {
	picks map[string][]caiq.Pick // by text hash, newest first
	known map[string]caiq.Ref    // by text hash
}

// remember looks the texts up that a file left open.
func (s *Service) remember(ctx context.Context, workspaceID string, questions []caiq.Question) (*remembered, error) {
	seen := make(map[string]bool)
	var hashes []string
	for i := range questions {
		if h := questions[i].TextHash; leftOpen(&questions[i]) && !seen[h] {
			seen[h] = true
			hashes = append(hashes, h)
		}
	}
	m := &remembered{make(map[string][]caiq.Pick), make(map[string]caiq.Ref)}
	if len(hashes) == 0 {
		return m, nil
	}
	picks, err := s.store.Picks(ctx, workspaceID, hashes)
	if err != nil {
		return nil, err
	}
	for _, k := range picks {
		m.picks[k.TextHash] = append(m.picks[k.TextHash], k)
	}
	asked, err := s.store.AskedByHash(ctx, workspaceID, hashes)
	for _, a := range asked {
		m.known[a.TextHash] = surely(a.Known)
	}
	return m, err
}

// leftOpen reports whether a file leaves open what a question asks.
func leftOpen(q *caiq.Question) bool {
	return q.TextHash != "" && (q.Match.Kind == caiq.MatchNone || q.Match.Kind == caiq.MatchAmbiguous || q.Match.Kind == caiq.MatchChanged)
}

// recall sets what a question asks, as far as the workspace knows.
func (m *remembered) recall(q *caiq.Question, recordID string, n int) {
	if !leftOpen(q) {
		return
	}
	picks := m.picks[q.TextHash]
	here := slices.IndexFunc(picks, func(k caiq.Pick) bool { return k.RecordID == recordID && k.N == n && recordID != "" })
	switch {
	case len(picks) > 0:
		k := picks[max(0, here)]
		k.Here = here >= 0
		q.Match = pickedMatch(k)
	case q.Match.Kind == caiq.MatchNone && m.known[q.TextHash] != "":
		q.Match = caiq.Match{Kind: caiq.MatchKnown, Question: m.known[q.TextHash], HasText: true}
	}
}

func pickedMatch(k caiq.Pick) caiq.Match {
	return caiq.Match{Kind: caiq.MatchPicked, Question: k.Question, HasText: true, Pick: &k}
}
