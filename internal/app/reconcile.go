package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// Reconcile compares what a workspace holds with what its trail says: answers and
// their revisions, proposals, questions, members, files, comments, and the rows that
// contents names; for the installation also which workspaces and accounts there are.
// It reads one state when it is called inside a snapshot of the store. Each problem
// names its object in Field; whether the trail itself is as it was is for
// VerifyStored to say. Notes count what was written before events held hashes of
// rows: of that files, texts and what the events say besides are compared.
func Reconcile(ctx context.Context, store Store, workspaceID string) (problems, notes caiq.Problems, err error) {
	w, err := store.Workspace(ctx, workspaceID)
	if err != nil {
		return nil, nil, err
	}
	r := &reconciling{store: store, workspaceID: workspaceID, said: newSaid(), before: make(map[string]int)}
	if err := eachEvent(ctx, store, workspaceID, w.Head, r.said.note); err != nil {
		return nil, nil, err
	}
	if single := r.said.single; single != nil && *single != w.SingleOperator {
		r.problem("single_operator_differs", "workspaces/"+w.ID, "single_operator is %t, the trail says %t: it decides whether authors may approve their own texts", w.SingleOperator, *single)
	}
	for _, part := range []struct {
		object string
		check  func(context.Context) error
	}{
		{"workspaces", r.workspaces}, {"members", r.members}, {"profiles", r.profiles}, {"library", r.library}, {"questionnaires", r.records}, {"rows", r.rows},
	} {
		if err := r.readable(ctx, part.object, part.check(ctx)); err != nil {
			return nil, nil, err
		}
	}
	return r.problems, r.notes(), nil
}

// notes counts what was written before events held hashes of rows.
func (r *reconciling) notes() caiq.Problems {
	var notes caiq.Problems
	for _, noun := range sortedKeys(r.before) {
		notes = append(notes, caiq.Problem{
			Code: "not_covered", Field: noun,
			Message: fmt.Sprintf("%d written before events held hashes of rows: of them only files, texts and what their events say besides are compared", r.before[noun]),
		})
	}
	return notes
}

// readable makes a problem of a row that cannot be read, so that the other checks
// go on; a database that cannot be reached stays an error.
func (r *reconciling) readable(ctx context.Context, object string, err error) error {
	if err == nil || ctx.Err() != nil || caiq.KindOf(err) == caiq.Unavailable {
		return err
	}
	r.problem("row_unreadable", object, "a row cannot be read as it was stored: %s", err)
	return nil
}

// said is what a trail says of the present.
type said struct {
	made     map[string]caiq.Event            // the last event that left a revision or text, by object
	versions map[string]map[int]caiq.Event    // by object and revision
	answers  map[string][]caiq.Event          // those that left answers, by record
	records  map[string]bool                  // uploaded and not deleted
	derived  map[string]map[int64]eventDetail // uploads and proposals, by record and time
	roles    map[string][]caiq.MemberRole     // by user
	exports  map[string]caiq.Event
	comments map[string]caiq.Event
	deleted  map[string]bool   // questionnaires
	named    map[sealed]bool   // objects that events name
	sealed   map[sealed]string // the last hash of their rows
	owners   map[sealed]string // the questionnaire that each belongs to
	founded  map[string]int64  // workspaces, by the event of the installation's trail that made them
	single   *bool
}

// eventDetail are the particulars that are compared.
type eventDetail struct {
	Answers   string            `json:"answers_sha256"`
	File      string            `json:"file_sha256"`
	Manifest  string            `json:"manifest_sha256"`
	SHA256    string            `json:"sha256"`
	Roles     []caiq.MemberRole `json:"roles"`
	To        json.RawMessage   `json:"to"`
	Admin     string            `json:"admin"`
	Retired   bool              `json:"retired"`
	Workspace string            `json:"workspace"`

	Row       *string `json:"row_sha256"` // see rowHash
	Member    *string `json:"member_sha256"`
	Questions string  `json:"questions_sha256"`
	Text      string  `json:"text"` // hash of a picked question's
	Comment   string  `json:"comment"`
	Single    *bool   `json:"single_operator"`

	Answer   string   `json:"answer_sha256"` // see answerHash and listHash
	List     *string  `json:"answer_list_sha256"`
	Authors  []string `json:"authors"`
	Until    *string  `json:"evidence_until"`
	Reason   *string  `json:"reason_sha256"`
	Basis    string   `json:"basis"`
	Proposal string   `json:"proposal_sha256"`
	Evidence string   `json:"evidence_sha256"` // see keepEvidence
}

func newSaid() *said {
	return &said{
		made: make(map[string]caiq.Event), versions: make(map[string]map[int]caiq.Event), answers: make(map[string][]caiq.Event),
		records: make(map[string]bool), derived: make(map[string]map[int64]eventDetail), roles: make(map[string][]caiq.MemberRole),
		exports: make(map[string]caiq.Event), comments: make(map[string]caiq.Event), deleted: make(map[string]bool),
		named: make(map[sealed]bool), sealed: make(map[sealed]string), owners: make(map[sealed]string), founded: make(map[string]int64),
	}
}

func detailOf(e *caiq.Event) eventDetail {
	var d eventDetail
	if e.Detail != nil {
		_ = json.Unmarshal(e.Detail, &d) // what cannot be read says nothing, and will not agree
	}
	return d
}

// note takes in the next event.
func (s *said) note(e *caiq.Event) error {
	d := detailOf(e)
	_, id, _ := strings.Cut(e.Object, "/")
	switch Action(e.Action) { //nolint:exhaustive // the others say nothing of the present
	case ActRecordUpload, ActRecordPropose:
		if s.derived[id] == nil {
			s.derived[id] = make(map[int64]eventDetail)
		}
		s.derived[id][e.At.UnixMicro()] = d
		s.records[id] = true
		s.answers[id] = append(s.answers[id], *e)
	case ActRecordDelete:
		delete(s.records, id)
		s.deleted[id] = true
	case ActComment:
		s.comments[d.Comment] = *e
	case ActWorkspaceCreate:
		s.roles[d.Admin] = caiq.MemberRoles()
		if id == e.WorkspaceID {
			s.single = d.Single
		}
	case actSetUp:
		s.roles[id] = []caiq.MemberRole{caiq.Admin}
	case actMemberInvite, actJoin:
		s.roles[id] = d.Roles
	case ActMemberChange:
		var to []caiq.MemberRole
		_ = json.Unmarshal(d.To, &to) // see detailOf
		s.roles[id] = to
	case ActMemberRemove:
		delete(s.roles, id)
	case ActExport:
		s.exports[id] = *e
	}
	if id := foundedBy(e); id != "" {
		s.founded[id] = e.Seq
	}
	if of, ok := sealedBy(e); ok {
		s.named[of], s.owners[of] = true, e.RecordID
		if d.Row != nil {
			s.sealed[of] = *d.Row
		}
	}
	if of, ok := memberBy(e); ok && d.Member != nil {
		s.sealed[of] = *d.Member
	}
	switch _, ok := answerOf(e); {
	case ok:
		s.answers[e.RecordID] = append(s.answers[e.RecordID], *e)
	case e.Revision > 0:
		s.made[e.Object] = *e
		if s.versions[e.Object] == nil {
			s.versions[e.Object] = make(map[int]caiq.Event)
		}
		s.versions[e.Object][e.Revision] = *e
	}
	return nil
}

type reconciling struct {
	store       Store
	workspaceID string
	said        *said
	problems    caiq.Problems
	before      map[string]int // rows that no event holds the hash of, by noun
}

// problem notes one, once: an answer is also its last revision.
func (r *reconciling) problem(code, object, format string, args ...any) {
	p := caiq.Problem{Code: code, Field: object, Message: fmt.Sprintf(format, args...)}
	if !slices.Contains(r.problems, p) {
		r.problems = append(r.problems, p)
	}
}

func (r *reconciling) profiles(ctx context.Context) error {
	current, err := r.store.Profiles(ctx, r.workspaceID)
	if err != nil {
		return err
	}
	for _, head := range current {
		for version := 1; version <= head.Version; version++ {
			p, err := r.store.Profile(ctx, r.workspaceID, head.ID, version)
			if err != nil {
				return err
			}
			object := "profiles/" + p.ID
			e := r.said.versions[object][version]
			if sum := hexSHA256(p.YAML); sum != p.SHA256 || sum != detailOf(&e).SHA256 {
				r.problem("profile_differs", object, "version %d is not the text that was imported", version)
			}
		}
	}
	return nil
}

func (r *reconciling) library(ctx context.Context) error {
	entries, err := r.store.LibraryEntries(ctx, r.workspaceID, caiq.LibraryFilter{Retired: true})
	if err != nil {
		return err
	}
	for i := range entries {
		e := &entries[i]
		object := "library/" + e.ID
		last := r.said.made[object]
		retired := last.Action == string(actLibraryRetire) || detailOf(&last).Retired
		switch {
		case e.Answer.SHA256() != e.TextSHA256 || e.TextSHA256 != last.TextSHA256:
			r.problem("library_differs", object, "the text is not the one that was approved")
		case e.Revision != last.Revision || e.Retired != retired:
			r.problem("library_differs", object, "it is at revision %d, withdrawn %t; the trail says %d, %t", e.Revision, e.Retired, last.Revision, retired)
		}
	}
	return nil
}

func (r *reconciling) records(ctx context.Context) error {
	records, err := r.store.Records(ctx, r.workspaceID, caiq.RecordFilter{})
	if err != nil {
		return err
	}
	there := make(map[string]bool)
	for i := range records {
		there[records[i].ID] = true
		if err := r.readable(ctx, recordObject(records[i].ID), r.record(ctx, &records[i])); err != nil {
			return err
		}
	}
	for _, id := range sortedKeys(r.said.records) {
		if !there[id] {
			r.problem("questionnaire_missing", recordObject(id), "it was uploaded and not deleted, and is not there")
		}
	}
	return nil
}

// record compares one questionnaire: its file, exports and answers.
func (r *reconciling) record(ctx context.Context, rec *caiq.Record) error {
	object := recordObject(rec.ID)
	upload, ok := r.said.derived[rec.ID][rec.Created.UnixMicro()]
	if !ok {
		r.problem("questionnaire_unknown", object, "no event uploaded it")
	} else if upload.File != rec.BlobSHA256 {
		r.problem("file_differs", object, "the file is not the one that was uploaded")
	}
	r.blob(ctx, rec.BlobSHA256, object)
	if err := r.exports(ctx, rec.ID); err != nil {
		return err
	}
	return r.answers(ctx, rec)
}

// blob reads a file, which compares it with its hash.
func (r *reconciling) blob(ctx context.Context, sha256, object string) {
	if _, err := r.store.Blob(ctx, r.workspaceID, sha256); err != nil {
		r.problem("file_damaged", object, "the file %s cannot be read as it was stored", sha256)
	}
}

func (r *reconciling) exports(ctx context.Context, recordID string) error {
	heads, err := r.store.Exports(ctx, r.workspaceID, recordID)
	if err != nil {
		return err
	}
	for _, head := range heads {
		e, err := r.store.Export(ctx, r.workspaceID, head.ID)
		if err != nil {
			return err
		}
		made := r.said.exports[e.ID]
		if d := detailOf(&made); d.File != e.BlobSHA256 || d.Manifest != hexSHA256(e.Manifest) {
			r.problem("export_differs", "exports/"+e.ID, "the file or its manifest is not the one that was exported")
		}
		r.blob(ctx, e.BlobSHA256, "exports/"+e.ID)
	}
	return nil
}
