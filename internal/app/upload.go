package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"caique/internal/caiq"
)

// UploadInput is a questionnaire file and whom it is for.
type UploadInput struct {
	Name      string // file name as uploaded
	Data      []byte
	Layout    *caiq.Layout // nil: guess
	ProfileID string       // "": choose later
	Audience  caiq.Release // "": nda where an NDA is in place, else public
	AsOf      caiq.Date    // zero: today
	RecordInput
	// IdempotencyKey makes a repetition return what the first request made; "" for none.
	IdempotencyKey string
}

// RecordInput is what people say about a questionnaire.
type RecordInput struct {
	Customer string    // who asks
	Product  string    // product or system asked about
	Deal     string    //
	NeededBy caiq.Date //
	NDA      bool      // an NDA with the customer is in place
}

// trimmed is without the blanks around what people typed.
func (in RecordInput) trimmed() RecordInput {
	in.Customer, in.Product, in.Deal = strings.TrimSpace(in.Customer), strings.TrimSpace(in.Product), strings.TrimSpace(in.Deal)
	return in
}

// check bounds the fields: they stand in lists, manifests and file names.
func (in RecordInput) check() error {
	var ps caiq.Problems
	for _, f := range []struct{ name, value string }{{"customer", in.Customer}, {"product", in.Product}, {"deal", in.Deal}} {
		ps = append(ps, checkLine(f.name, f.value, 200)...)
	}
	if len(ps) > 0 {
		return ps
	}
	return nil
}

// checkLine refuses what does not fit into one line of so many characters.
func checkLine(field, value string, limit int) caiq.Problems {
	if err := caiq.CheckText(value); err != nil || strings.ContainsAny(value, "\n\t\u2028\u2029\u0085") {
		return caiq.Problems{{Field: field, Code: "bad_text", Message: "it holds characters that do not fit into one line"}}
	}
	if n := len([]rune(value)); n > limit {
		return caiq.Problems{{Field: field, Code: "too_long", Message: fmt.Sprintf("it has %d characters, the limit is %d", n, limit)}}
	}
	return nil
}

// Uploaded is the outcome of an upload.
type Uploaded struct {
	Record  caiq.Record
	Created bool // false: this file was here already, for the same customer, product and deal
	// Ignored are the details given with a file that was here already, by their names
	// in the API, where the record says otherwise: nothing of it was changed.
	Ignored []string
	// Replayed: the idempotency key made the record before; what the first request
	// was told holds for this one.
	Replayed bool
}

// Upload reads a questionnaire, stores it with its questions and, where a
// profile is named, proposals. The same file for the same customer, product
// and deal is stored once: the record that is there comes back.
func (s *Service) Upload(ctx context.Context, p caiq.Principal, in UploadInput) (Uploaded, error) {
	if err := Allow(p, ActRecordUpload); err != nil {
		return Uploaded{}, err
	}
	once, err := s.idempotent(p, ActRecordUpload, in.IdempotencyKey, in.digest())
	if err != nil {
		return Uploaded{}, err
	}
	if id, err := once.done(ctx); err != nil || id != "" {
		return s.uploadedBefore(ctx, p, id, err)
	}
	u, err := s.prepareUpload(ctx, p, in)
	if err != nil {
		return Uploaded{}, err
	}
	var out Uploaded
	err = s.transact(ctx, p, ActRecordUpload, func(ctx context.Context, c *change) error {
		id, err := once.done(ctx)
		if err != nil || id != "" {
			out, err = s.uploadedBefore(ctx, p, id, err)
			return err
		}
		out, err = s.storeUpload(ctx, c, u, once)
		return err
	})
	return out, err
}

func (s *Service) uploadedBefore(ctx context.Context, p caiq.Principal, id string, err error) (Uploaded, error) {
	if err != nil {
		return Uploaded{}, err
	}
	r, err := s.store.Record(ctx, p.Workspace.ID, id)
	if err != nil && caiq.KindOf(err) == caiq.NotFound {
		err = caiq.Errorf(caiq.Conflict, "deleted_since", "this idempotency key uploaded a questionnaire that has been deleted since").
			At("header.Idempotency-Key").WithHint("to upload the file again, use a new key")
	}
	return Uploaded{Record: r, Replayed: true}, err
}

// upload is what an upload has come to before anything is stored.
type upload struct {
	record      caiq.Record
	given       UploadInput // without the file
	data        []byte
	questions   []caiq.Question
	suggestions []suggestion // nil without a profile
}

// prepareUpload reads and proposes outside of the transaction: it takes longest
// and changes nothing.
func (s *Service) prepareUpload(ctx context.Context, p caiq.Principal, in UploadInput) (*upload, error) {
	if ps := checkLine("name", in.Name, 255); in.Name == "" || len(ps) > 0 {
		return nil, caiq.Errorf(caiq.Invalid, "bad_name", "the upload needs a file name of one line and at most 255 characters").At("name")
	}
	in.RecordInput = in.trimmed()
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := s.checkAsOf(in.AsOf); err != nil {
		return nil, err
	}
	opt, err := s.options(in.Audience, in.AsOf, caiq.Options{}, in.NDA)
	if err != nil {
		return nil, err
	}
	q, err := Inspect(ctx, s.library, in.Name, in.Data, in.Layout)
	if err == nil && len(q.Questions) == 0 {
		err = noQuestions(in.Name)
	}
	if err != nil {
		return nil, in.unread(err)
	}
	u := &upload{data: in.Data, questions: q.Questions, given: in}
	u.given.Data = nil
	reading := *q
	reading.Questions = nil
	u.record = caiq.Record{
		WorkspaceID: p.Workspace.ID, Name: in.Name, Reading: reading, Layout: in.Layout, ProfileID: in.ProfileID, Options: opt,
		Customer: in.Customer, Product: in.Product, Deal: in.Deal, NeededBy: in.NeededBy, NDA: in.NDA,
		State: caiq.RecordActive, CreatedBy: p.User.ID,
	}
	if in.ProfileID == "" {
		return u, nil
	}
	k, err := s.know(ctx, p.Workspace.ID, q.Format, in.ProfileID, 0)
	if err != nil {
		return nil, err
	}
	u.record.ProfileVersion, u.record.ProfileSHA256 = k.version, k.sha256
	if slices.ContainsFunc(q.Questions, func(q caiq.Question) bool { return leftOpen(&q) }) {
		if _, err := s.shelves.current(ctx, p.Workspace.ID); err != nil {
			return nil, err
		}
	}
	questions, err := s.recall(ctx, p.Workspace.ID, q.Questions)
	if err != nil {
		return nil, err
	}
	u.suggestions, err = s.suggest(ctx, p.Workspace.ID, offeredTo{product: in.Product}, k, q.Format, questions, opt)
	return u, err
}

// unread says of a file without questions what whoever uploads it can do.
func (in UploadInput) unread(err error) error {
	e, ok := errors.AsType[*caiq.Error](err)
	if !ok || e.Code != "no_questions" {
		return err
	}
	if lines := bytes.Count(bytes.TrimSpace(in.Data), []byte("\n")); lines == 0 && bytes.ContainsAny(in.Data, ",;\t") && utf8.Valid(in.Data) {
		return caiq.Errorf(caiq.Invalid, "no_questions", "%s has a header and no rows", in.Name).WithHint("upload the file with its questions, one in each row below the header")
	}
	return caiq.Errorf(caiq.Invalid, "no_questions", "%s", e.Msg).At("layout").
		WithHint("say by the parameter layout where the questions stand, in YAML: schema: 1, then sheets with name, header_rows and columns by their letters (question: B, answer: C); caique inspect --write-layout prints what was guessed")
}

// storeUpload works inside a transaction.
func (s *Service) storeUpload(ctx context.Context, c *change, u *upload, once *once) (Uploaded, error) {
	r := u.record
	if same, err := s.sameUpload(ctx, r, hexSHA256(u.data)); err != nil || same != nil {
		if err != nil {
			return Uploaded{}, err
		}
		return Uploaded{Record: *same, Ignored: u.ignoredBy(same)}, nil
	}
	var err error
	if r.BlobSHA256, err = s.store.PutBlob(ctx, c.workspaceID, u.data); err != nil {
		return Uploaded{}, err
	}
	r.ID, r.Revision, r.Created = s.newID(), 1, c.now
	questions := make([]caiq.StoredQuestion, len(u.questions))
	for i, q := range u.questions {
		questions[i] = caiq.StoredQuestion{WorkspaceID: c.workspaceID, RecordID: r.ID, N: i + 1, Question: q}
	}
	answers := newAnswers(c, r.ID, u.suggestions, len(questions))
	if err := s.store.CreateRecord(ctx, r, questions, answers); err != nil {
		return Uploaded{}, err
	}
	list, err := s.store.PutAnswerList(ctx, c.workspaceID, r.ID, listAnswers(pointers(answers)))
	if err != nil {
		return Uploaded{}, err
	}
	asked, err := questionsDigest(u.questions)
	if err != nil {
		return Uploaded{}, err
	}
	e := c.event(ActRecordUpload, recordObject(r.ID))
	e.RecordID, e.Revision = r.ID, 1
	e.Detail = detail(map[string]any{
		"file_sha256": r.BlobSHA256, "format": r.Reading.Format, "questions": len(questions), "profile": r.ProfileID,
		"version": r.ProfileVersion, "profile_sha256": r.ProfileSHA256, "audience": r.Options.Audience, "as_of": r.Options.AsOf,
		listHash: list, "questions_sha256": asked,
	})
	if err := once.remember(ctx, c, r.ID); err != nil {
		return Uploaded{}, err
	}
	r, err = s.store.Record(ctx, c.workspaceID, r.ID)
	return Uploaded{Record: r, Created: true}, err
}

// sameUpload finds the record of the same file for the same customer, product
// and deal.
func (s *Service) sameUpload(ctx context.Context, r caiq.Record, blob string) (*caiq.Record, error) {
	rs, err := s.store.Records(ctx, r.WorkspaceID, caiq.RecordFilter{BlobSHA256: blob, State: caiq.RecordActive})
	if err != nil {
		return nil, err
	}
	for i := range rs {
		if sameName(rs[i].Customer, r.Customer) && sameName(rs[i].Product, r.Product) && sameName(rs[i].Deal, r.Deal) {
			return &rs[i], nil
		}
	}
	return nil, nil //nolint:nilnil // none is the ordinary answer
}

// sameName reports whether two names are written alike but for case and blanks.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

// ignoredBy lists what was said of a file that is here already and that its record
// does not say.
func (u *upload) ignoredBy(r *caiq.Record) []string {
	in, ignored := &u.given, []string{}
	for _, d := range []struct {
		name         string
		given, other bool
	}{
		{"name", true, in.Name != r.Name},
		{"profile", in.ProfileID != "", in.ProfileID != r.ProfileID},
		{"audience", in.Audience != "", in.Audience != r.Options.Audience},
		{"as_of", !in.AsOf.IsZero(), in.AsOf != r.Options.AsOf},
		{"needed_by", !in.NeededBy.IsZero(), in.NeededBy != r.NeededBy},
		{"nda", in.NDA, !r.NDA},
		{"layout", in.Layout != nil, !reflect.DeepEqual(in.Layout, r.Layout)},
	} {
		if d.given && d.other {
			ignored = append(ignored, d.name)
		}
	}
	return ignored
}

// digest identifies a request: a key that comes back with another is refused.
func (in UploadInput) digest() string {
	in.IdempotencyKey = ""
	sum := hexSHA256(in.Data)
	in.Data = nil
	b, err := json.Marshal(in)
	if err != nil { // strings, dates and a layout
		return sum
	}
	return hexSHA256(append(b, sum...))
}

// once is a request that may be repeated with the same key.
type once struct {
	service *Service
	want    caiq.IdempotencyKey
}

func (s *Service) idempotent(p caiq.Principal, a Action, key, digest string) (*once, error) {
	if ps := checkLine("header.Idempotency-Key", key, 200); len(ps) > 0 {
		return nil, ps
	}
	return &once{s, caiq.IdempotencyKey{
		WorkspaceID: p.Workspace.ID, UserID: p.User.ID, Action: string(a), Key: key, RequestSHA256: digest,
	}}, nil
}

// done returns what the key made before, or "".
func (o *once) done(ctx context.Context) (string, error) {
	if o.want.Key == "" {
		return "", nil
	}
	k, err := o.service.store.IdempotencyKey(ctx, o.want.WorkspaceID, o.want.UserID, o.want.Action, o.want.Key)
	switch {
	case err != nil && caiq.KindOf(err) == caiq.NotFound:
		return "", nil
	case err != nil:
		return "", err
	case k.RequestSHA256 != o.want.RequestSHA256:
		return "", caiq.Errorf(caiq.Conflict, "idempotency_key_reused", "this idempotency key came with another request before").At("header.Idempotency-Key").
			WithHint("use a new key for a new request")
	}
	return k.ObjectID, nil
}

// remember keeps what the key made, in the transaction that makes it.
func (o *once) remember(ctx context.Context, c *change, objectID string) error {
	if o.want.Key == "" {
		return nil
	}
	k := o.want
	k.ObjectID, k.Created = objectID, c.now
	return o.service.store.CreateIdempotencyKey(ctx, k)
}
