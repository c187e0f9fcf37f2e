package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"caique/internal/caiq"
)

// answerFields are the columns that answers and answer_revisions share, in the
// order of answerArgs; answerColumns what answerDest reads.
const (
	answerFields = `workspace_id, record_id, n, revision, state, value, ownership, description, customer, text_sha256,
	proposal_sha256, band, basis_hash, evidence_until, edited_by,
	approved_by, approved_at, approved_basis, approved_until, reason, changed_by, changed, source, single_operator, authors, audience`
	answerColumns = `a.workspace_id, a.record_id, a.n, a.revision, a.state, a.value, a.ownership, a.description, a.customer,
	a.text_sha256, a.band, a.basis_hash, a.evidence_until, a.edited_by,
	a.approved_by, a.approved_at, a.approved_basis, a.approved_until, a.reason, a.changed_by, a.changed, a.source, a.authors, a.audience, a.proposal_sha256`
)

// answerArgs are the values of answerFields, for revision.
func answerArgs(a *caiq.StoredAnswer, revision int, proposal string, singleOperator bool) []any {
	return []any{
		a.WorkspaceID, a.RecordID, a.N, revision, string(a.State),
		string(a.Value), string(a.Ownership), a.Description, a.Customer, a.TextSHA256,
		proposal, string(a.Proposal.Band), a.BasisHash, a.EvidenceUntil.String(), orNull(a.EditedBy),
		orNull(a.ApprovedBy), micros(a.ApprovedAt), a.ApprovedBasis, a.ApprovedUntil.String(), a.Reason,
		orNull(a.ChangedBy), micros(a.Changed), a.Source, singleOperator, joinWords(a.Authors), string(a.Audience),
	}
}

// answerDest is where answerColumns are read to.
func answerDest(a *caiq.StoredAnswer) []any {
	return []any{
		&a.WorkspaceID, &a.RecordID, &a.N, &a.Revision, (*string)(&a.State),
		(*string)(&a.Value), (*string)(&a.Ownership), &a.Description, &a.Customer, &a.TextSHA256,
		(*string)(&a.Proposal.Band), &a.BasisHash, (*scanDate)(&a.EvidenceUntil), (*scanID)(&a.EditedBy),
		(*scanID)(&a.ApprovedBy), (*scanTime)(&a.ApprovedAt), &a.ApprovedBasis, (*scanDate)(&a.ApprovedUntil), &a.Reason,
		(*scanID)(&a.ChangedBy), (*scanTime)(&a.Changed), &a.Source,
		scanWords[string]{&a.Authors},
		(*string)(&a.Audience), &a.ProposalSHA256,
	}
}

// scanProposal reads a proposal that was stored under its hash. One that does
// not have it, or not the band beside it, was changed in the database: nothing is
// shown of it.
type scanProposal struct{ of *caiq.StoredAnswer }

// Scan implements sql.Scanner.
func (p scanProposal) Scan(src any) error {
	text, err := asText(src)
	if err != nil {
		return err
	}
	band, changed := p.of.Proposal.Band, hashOf([]byte(text)) != p.of.ProposalSHA256
	if !changed {
		if err := json.Unmarshal([]byte(text), &p.of.Proposal); err != nil {
			return err
		}
	}
	if changed || p.of.Proposal.Band != band {
		return caiq.Errorf(caiq.Conflict, "proposal_changed",
			"the proposal for question %d of questionnaire %s was changed in the database", p.of.N, p.of.RecordID).
			WithHint("caique audit verify lists all that does not agree with the trail; restore a backup")
	}
	return nil
}

func scanAnswer(row scanner) (caiq.StoredAnswer, error) {
	var a caiq.StoredAnswer
	err := row.Scan(append(answerDest(&a), scanProposal{&a})...)
	return a, err
}

// scanBriefAnswer reads of the proposal its band.
func scanBriefAnswer(row scanner) (caiq.StoredAnswer, error) {
	var a caiq.StoredAnswer
	err := row.Scan(answerDest(&a)...)
	return a, err
}

// insertAnswers stores the first revision of all answers of a new record.
func (s *Store) insertAnswers(ctx context.Context, r caiq.Record, answers []caiq.StoredAnswer) error {
	single, err := s.singleOperator(ctx, r.WorkspaceID)
	if err != nil {
		return err
	}
	proposals := make([][]any, len(answers))
	rows := make([][]any, len(answers))
	var counts caiq.StateCounts
	for i := range answers {
		a := &answers[i]
		if a.WorkspaceID != r.WorkspaceID || a.RecordID != r.ID || a.N != i+1 {
			return misuse("answer %d of record %s says it is %d of %s", i+1, r.ID, a.N, a.RecordID)
		}
		if err := checkAnswer(a); err != nil {
			return err
		}
		if proposals[i], err = proposalRow(a); err != nil {
			return err
		}
		a.ProposalSHA256 = proposals[i][3].(string)
		rows[i] = answerArgs(a, 1, a.ProposalSHA256, single)
		counts.Add(a.State, 1)
	}
	if err := s.putProposals(ctx, proposals); err != nil {
		return err
	}
	if err := insertMany(rows, `INSERT INTO answers (`+answerFields+`)`, ``, s.execer(ctx)); err != nil {
		return s.refusedApproval(err)
	}
	_, err = s.exec(ctx,
		`INSERT INTO answer_revisions (`+answerFields+`) SELECT `+answerFields+` FROM answers
		WHERE workspace_id = $1 AND record_id = $2`, r.WorkspaceID, r.ID)
	if err != nil {
		return err
	}
	return s.addStates(ctx, r.WorkspaceID, r.ID, counts)
}

// SaveAnswers implements app.Store.
func (s *Store) SaveAnswers(ctx context.Context, answers ...*caiq.StoredAnswer) error {
	if len(answers) == 0 {
		return nil
	}
	workspaceID, recordID := answers[0].WorkspaceID, answers[0].RecordID
	if err := s.change(ctx, workspaceID); err != nil {
		return err
	}
	single, err := s.singleOperator(ctx, workspaceID)
	if err != nil {
		return err
	}
	var counts caiq.StateCounts
	for _, a := range answers {
		if a.WorkspaceID != workspaceID || a.RecordID != recordID {
			return misuse("answers of several records in one call")
		}
		before, err := s.saveAnswer(ctx, a, single)
		if err != nil {
			return err
		}
		counts.Add(before, -1)
		counts.Add(a.State, 1)
	}
	return s.addStates(ctx, workspaceID, recordID, counts)
}

// saveAnswer stores the next revision and returns the state of the one before.
func (s *Store) saveAnswer(ctx context.Context, a *caiq.StoredAnswer, single bool) (caiq.AnswerState, error) {
	if err := checkAnswer(a); err != nil {
		return "", err
	}
	proposal, err := proposalRow(a)
	if err != nil {
		return "", err
	}
	// The revision first: a stale save fails before it writes anything, and one
	// of a missing question before it violates a reference.
	before, err := s.checkRevision(ctx, a)
	if err != nil {
		return "", err
	}
	if err := s.putProposals(ctx, [][]any{proposal}); err != nil {
		return "", err
	}
	args := answerArgs(a, a.Revision+1, proposal[3].(string), single)
	n, err := s.exec(ctx,
		`UPDATE answers SET revision = $4, state = $5, value = $6, ownership = $7, description = $8, customer = $9,
			text_sha256 = $10, proposal_sha256 = $11, band = $12, basis_hash = $13, evidence_until = $14, edited_by = $15,
			approved_by = $16, approved_at = $17, approved_basis = $18, approved_until = $19, reason = $20,
			changed_by = $21, changed = $22, source = $23, single_operator = $24, authors = $25, audience = $26
		WHERE workspace_id = $1 AND record_id = $2 AND n = $3 AND revision = $4 - 1`, args...)
	if err != nil {
		return "", s.refusedApproval(err)
	}
	if n != 1 {
		return "", stale(fmt.Sprintf("answer %d", a.N), a.Revision, a.Revision+1)
	}
	_, err = s.exec(ctx, `INSERT INTO answer_revisions (`+answerFields+`) VALUES `+placeholders(1, len(args)), args...)
	if err != nil {
		return "", err
	}
	a.Revision++
	a.ProposalSHA256 = proposal[3].(string)
	return before, nil
}

// checkRevision refuses an answer that was read before its last change, and
// returns the state it has.
func (s *Store) checkRevision(ctx context.Context, a *caiq.StoredAnswer) (caiq.AnswerState, error) {
	type version struct {
		revision int
		state    string
	}
	current, err := one(ctx, s, "question", func(row scanner) (v version, err error) { return v, row.Scan(&v.revision, &v.state) },
		`SELECT revision, state FROM answers WHERE workspace_id = $1 AND record_id = $2 AND n = $3`,
		a.WorkspaceID, a.RecordID, a.N)
	if err == nil && current.revision != a.Revision {
		err = stale(fmt.Sprintf("answer %d", a.N), a.Revision, current.revision)
	}
	return caiq.AnswerState(current.state), err
}

// checkAnswer refuses what only a mistake of the calling code can bring about.
func checkAnswer(a *caiq.StoredAnswer) error {
	if a.TextSHA256 != a.Answer.SHA256() {
		return misuse("answer %d of %s: text hash is of another text", a.N, a.RecordID)
	}
	if a.EditedBy != "" && !slices.Contains(a.Authors, a.EditedBy) {
		return misuse("answer %d of %s: its last author %q is none of %q", a.N, a.RecordID, a.EditedBy, a.Authors)
	}
	if (a.State == caiq.StateApproved) != (a.ApprovedBy != "") {
		return misuse("answer %d of %s: state %s with approver %q", a.N, a.RecordID, a.State, a.ApprovedBy)
	}
	return nil
}

// refusedApproval names the one rule that is left for the database to refuse.
func (s *Store) refusedApproval(err error) error {
	if !s.isCheck(err) {
		return err
	}
	return &caiq.Error{
		Kind: caiq.Forbidden, Code: "sod_violation", Err: err,
		Msg: "an author of a text cannot approve it", Hint: "ask somebody else to approve it",
	}
}

// singleOperator is the workspace's; each answer repeats it, and a reference
// keeps the two equal.
func (s *Store) singleOperator(ctx context.Context, workspaceID string) (bool, error) {
	return one(ctx, s, "workspace", func(row scanner) (v bool, err error) { return v, row.Scan(&v) },
		`SELECT single_operator FROM workspaces WHERE id = $1`, workspaceID)
}

// proposalRow is workspace, record, n, SHA-256 and JSON of an answer's proposal.
func proposalRow(a *caiq.StoredAnswer) ([]any, error) {
	doc, err := toJSON(a.Proposal)
	return []any{a.WorkspaceID, a.RecordID, a.N, hashOf([]byte(doc)), doc}, err
}

func (s *Store) putProposals(ctx context.Context, rows [][]any) error {
	return insertMany(rows, `INSERT INTO proposals (workspace_id, record_id, n, sha256, proposal)`,
		` ON CONFLICT DO NOTHING`, s.execer(ctx))
}

// addStates changes the record's counts; numbers may be negative.
func (s *Store) addStates(ctx context.Context, workspaceID, recordID string, c caiq.StateCounts) error {
	n, err := s.exec(ctx,
		`UPDATE records SET proposed = proposed + $3, edited = edited + $4, approved = approved + $5, rejected = rejected + $6
		WHERE workspace_id = $1 AND id = $2`, workspaceID, recordID, c.Proposed, c.Edited, c.Approved, c.Rejected)
	return found(n, err, "questionnaire")
}

// AnswerHistory implements app.Store.
func (s *Store) AnswerHistory(ctx context.Context, workspaceID, recordID string, n int) ([]caiq.StoredAnswer, error) {
	return list(ctx, s, scanAnswer,
		`SELECT `+answerColumns+`, p.proposal FROM answer_revisions a
		JOIN proposals p ON p.workspace_id = a.workspace_id AND p.record_id = a.record_id AND p.n = a.n AND p.sha256 = a.proposal_sha256
		WHERE a.workspace_id = $1 AND a.record_id = $2 AND a.n = $3 ORDER BY a.revision`, workspaceID, recordID, n)
}

// AnswerRevisions implements app.Store.
func (s *Store) AnswerRevisions(ctx context.Context, workspaceID, recordID string) ([]caiq.StoredAnswer, error) {
	return list(ctx, s, scanBriefAnswer,
		`SELECT `+answerColumns+` FROM answer_revisions a
		WHERE a.workspace_id = $1 AND a.record_id = $2 ORDER BY a.n, a.revision`, workspaceID, recordID)
}

// DamagedProposals implements app.Store.
func (s *Store) DamagedProposals(ctx context.Context, workspaceID, recordID string) ([]int, error) {
	type stored struct {
		n       int
		sum     string
		whole   scanID
		damaged bool
	}
	all, err := list(ctx, s, func(row scanner) (p stored, err error) {
		err = row.Scan(&p.n, &p.sum, &p.whole)
		p.damaged = hashOf([]byte(p.whole)) != p.sum
		p.whole = ""
		return p, err
	}, `SELECT n, sha256, proposal FROM proposals WHERE workspace_id = $1 AND record_id = $2 ORDER BY n`, workspaceID, recordID)
	var ns []int
	for _, p := range all {
		if p.damaged && (len(ns) == 0 || ns[len(ns)-1] != p.n) {
			ns = append(ns, p.n)
		}
	}
	return ns, err
}
