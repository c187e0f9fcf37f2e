package app

import (
	"context"

	"caique/internal/caiq"
)

// sending says what becomes of a question in an export.
type sending uint8

const (
	leaveOut sending = iota
	sendApproved
	sendDraft
)

// exportRow is a question with what becomes of its answer.
type exportRow struct {
	caiq.ReviewRow
	out    sending
	noCell bool // it goes out, and the file has no cell for it
}

// state is what an export says of the answer; "" where none goes out.
func (r exportRow) state() string {
	return [...]string{leaveOut: "", sendApproved: "approved", sendDraft: "draft"}[r.out]
}

// snapshot is the state of a questionnaire after one event, judged for an export.
type snapshot struct {
	in        ExportInput
	asOf      caiq.Date
	workspace caiq.Workspace
	record    caiq.Record
	rows      []exportRow
	known     *knowing // nil where no profile is chosen
	check     ExportCheck

	overwritten []OverwrittenAnswer
}

// snapshot reads a questionnaire at one moment and judges it.
func (s *Service) snapshot(ctx context.Context, p caiq.Principal, recordID string, in ExportInput) (*snapshot, error) {
	if err := checkExport(in); err != nil {
		return nil, err
	}
	x := &snapshot{in: in, asOf: s.Today()}
	var rows []caiq.ReviewRow
	var said *vouched
	err := s.store.Tx(ctx, p.Workspace.ID, func(ctx context.Context) error {
		var err error
		if x.workspace, err = s.store.Workspace(ctx, p.Workspace.ID); err != nil {
			return err
		}
		if x.record, err = s.store.Record(ctx, p.Workspace.ID, recordID); err != nil {
			return err
		}
		if rows, err = s.store.Rows(ctx, p.Workspace.ID, recordID, caiq.RowFilter{}); err != nil {
			return err
		}
		said, err = s.vouched(ctx, p.Workspace.ID, recordID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if x.record.ProfileID != "" {
		if x.known, err = s.know(ctx, x.record.WorkspaceID, x.record.Reading.Format, x.record.ProfileID, 0); err != nil {
			return nil, err
		}
	}
	stale, err := s.stale(ctx, x.record, rows)
	if err != nil {
		return nil, err
	}
	u, err := s.rules(ctx, &x.record, x.judgeAudience())
	if err != nil {
		return nil, err
	}
	x.judgeTexts(rows, said)
	x.judge(rows, stale, u)
	x.judgeFile(u.voc)
	return x, nil
}

// judgeTexts keeps back what was changed in the database past the service: answers
// that are not as the trail left them.
func (x *snapshot) judgeTexts(rows []caiq.ReviewRow, said *vouched) {
	for i := range rows {
		if err := said.check(&rows[i].Answer); err != nil {
			x.problem(asProblem(&rows[i].Question.Question, err))
		}
	}
}

func checkExport(in ExportInput) error {
	switch in.Format {
	case caiq.ExportXLSX, caiq.ExportCSV, caiq.ExportJSON:
	case caiq.ExportMapping:
		if in.Audience == caiq.ReleasePublic {
			return caiq.Errorf(caiq.Invalid, "bad_audience", "the control mapping goes to readers under an NDA: its audience can be nda or internal").At("audience")
		}
	default:
		return caiq.Errorf(caiq.Invalid, "bad_format", "an export is xlsx, csv, json or mapping").At("format")
	}
	return checkAudience(in.Audience)
}

// judge decides what becomes of each question and lists what stands in the way.
func (x *snapshot) judge(rows []caiq.ReviewRow, stale map[int]bool, u *rules) {
	if x.known == nil && x.in.Format == caiq.ExportMapping {
		x.problem(caiq.Problem{Code: "no_profile", Message: "no profile is chosen, so there is nothing to map to"})
	}
	for _, row := range rows {
		stale := stale[row.Answer.N]
		out := x.sending(row, stale)
		if stale && out == leaveOut {
			q := row.Question.Question
			x.problem(caiq.Problem{
				Sheet: q.Sheet, Cell: q.Cell, Code: "stale",
				Message: "the approval of " + string(q.Key) + " no longer holds: " + ended(&row.Answer, x.asOf) +
					". Propose the questionnaire again as of today and have the answer approved again",
			})
		}
		if out != leaveOut {
			for _, p := range u.problems(&row) {
				x.problem(p)
			}
		}
		switch out {
		case sendApproved:
			x.check.Approved++
		case sendDraft:
			x.check.Drafts++
		default:
			x.check.LeftOut++
		}
		x.rows = append(x.rows, exportRow{ReviewRow: row, out: out})
	}
	if x.check.Approved+x.check.Drafts == 0 && len(x.check.Problems) == 0 {
		x.problem(caiq.Problem{Code: "nothing_approved", Message: "no answer is approved yet, so nothing would go out"})
	}
}

// sending: what is approved and holds goes out; what is not goes along where
// drafts are asked for. What the file says already is replaced by what people
// decided alone.
func (x *snapshot) sending(row caiq.ReviewRow, stale bool) sending {
	a := row.Answer
	switch {
	case a.Answer.Blank() || a.State == caiq.StateRejected:
		return leaveOut
	case a.State == caiq.StateApproved && !stale:
		return sendApproved
	case !x.in.Drafts:
		return leaveOut
	case a.State == caiq.StateProposed && len(row.Question.Question.Existing) > 0:
		return leaveOut
	default:
		return sendDraft
	}
}

// judgeAudience keeps answers from a wider audience than the one they are prepared
// for, and what is for readers under an NDA from customers without one. It returns
// the audience that each text has to be written for: what is said of all is not
// said of each again.
func (x *snapshot) judgeAudience() caiq.Release {
	audience := x.in.Audience
	if !x.record.Options.Audience.VisibleTo(audience) {
		audience = x.record.Options.Audience
		x.problem(caiq.Problem{
			Code: "audience", Field: "audience",
			Message: "the answers were written for the audience " + string(x.record.Options.Audience) + " and may not go to " + string(x.in.Audience) +
				": propose them again for that audience",
		})
	}
	if x.in.Audience == caiq.ReleaseNDA && !x.record.NDA {
		x.problem(caiq.Problem{
			Code: "no_nda", Field: "audience",
			Message: "no NDA with the customer is noted on the questionnaire: note it there, or export for the public",
		})
	}
	return audience
}

func (x *snapshot) problem(p caiq.Problem) { x.check.Problems = append(x.check.Problems, p) }

// profile is the party that answers, an empty one where nobody was chosen.
func (x *snapshot) profile() *caiq.Profile {
	if x.known == nil {
		return &caiq.Profile{}
	}
	return x.known.profile
}

// draft is the snapshot in the form that the pipeline writes: what goes out as
// the answer of a row that is filled.
func (x *snapshot) draft(s *Service) (*Draft, error) {
	q := x.record.Reading
	q.SHA256 = x.record.BlobSHA256
	d := &Draft{Questionnaire: &q, Profile: x.profile()}
	d.Knowledge = &caiq.Knowledge{Formats: map[caiq.FormatID]*caiq.Format{}, Hashes: map[string]string{}}
	if x.known != nil {
		d.Knowledge = x.known.knowledge
	} else if f, err := s.library.Format(q.Format); err == nil {
		d.Knowledge.Formats[q.Format] = f
	} else if caiq.KindOf(err) != caiq.NotFound {
		return nil, err
	}
	for i := range x.rows {
		row := &x.rows[i]
		p := row.Answer.Proposal
		p.Answer = caiq.Answer{}
		outcome := Blank
		switch {
		case row.noCell:
		case row.out != leaveOut && row.Answer.Value == "":
			p.Answer, outcome = row.Answer.Answer, Partly
		case row.out != leaveOut:
			p.Answer, outcome = row.Answer.Answer, Filled
		case len(row.Question.Question.Existing) > 0:
			outcome = Kept
		}
		d.Rows = append(d.Rows, Row{Question: &row.Question.Question, Proposal: p, Outcome: outcome})
	}
	return d, nil
}

// carried is the evidence that an answer stands on.
func (x *snapshot) carried(row exportRow) []namedEvidence {
	if x.known == nil {
		return nil
	}
	return carried(x.known.knowledge, &row.Answer)
}
