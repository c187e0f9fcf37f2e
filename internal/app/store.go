package app

import (
	"context"
	"time"

	"caique/internal/caiq"
)

// Store keeps everything the service knows. Two engines implement it and pass
// the same conformance suite.
//
// Transactions: Tx runs fn in one transaction and hands it a context; methods
// called with that context take part in it. Within a workspace transactions run
// one after the other, so what fn reads stays true until it commits. Methods
// that change something work inside Tx only; the exceptions say "on its own".
// Methods that read work anywhere.
//
// No event, no change: a transaction that changed something of a workspace and
// appended no event to that workspace's trail is refused and rolled back.
//
// Revisions: Update methods and SaveAnswers take a value with the revision that
// was read. When the stored one differs they fail (Conflict, "stale"); else they
// store Revision+1 and set it in the value handed in.
//
// Errors: what is not there is an error (NotFound, "not_found"), also when it is
// in another workspace; what is there already is one (Conflict, "exists"); an
// id that names nothing of the workspace cannot be stored (Invalid,
// "unknown_reference"); a full disk or lost database is Unavailable. After any
// of these but not_found and stale, a transaction can only be rolled back: Tx
// refuses to commit it, so fn returns the error.
//
// Times are kept in UTC to the microsecond. Lists are in the order of their id
// unless said otherwise, and empty, not an error, when there is nothing.
type Store interface {
	// Tx runs fn in a transaction of the workspace and commits when it returns
	// nil. Workspaces that fn creates belong to the transaction too. The
	// transaction of caiq.Installation may change users, links and sessions, as
	// may any other.
	Tx(ctx context.Context, workspaceID string, fn func(ctx context.Context) error) error
	// Lock takes another workspace into the running transaction. Whoever needs
	// several begins with caiq.Installation and goes on in the order of ids: else
	// two could wait for each other.
	Lock(ctx context.Context, workspaceID string) error
	// Snapshot runs fn on one state of the database; nothing can be changed inside.
	Snapshot(ctx context.Context, fn func(ctx context.Context) error) error
	// Ping reports whether the database answers.
	Ping(ctx context.Context) error

	WorkspaceStore
	UserStore
	CredentialStore
	RecordStore
	AnswerStore
	LibraryStore
	ShelfStore
	TrailStore
}

// WorkspaceStore keeps tenants and who belongs to them.
type WorkspaceStore interface {
	Workspace(ctx context.Context, id string) (caiq.Workspace, error)
	// Workspaces lists those of a user, or all when userID is "".
	Workspaces(ctx context.Context, userID string) ([]caiq.Workspace, error)
	CreateWorkspace(ctx context.Context, w caiq.Workspace) error
	UpdateWorkspace(ctx context.Context, w *caiq.Workspace) error // its name

	Member(ctx context.Context, workspaceID, userID string) (caiq.Member, error)
	Members(ctx context.Context, workspaceID string) ([]caiq.Member, error) // by user id
	CreateMember(ctx context.Context, m caiq.Member) error
	UpdateMember(ctx context.Context, m *caiq.Member) error // its roles
	// DeleteMember takes questions and tokens from whoever leaves; one who owns
	// library entries is refused (Invalid, "unknown_reference").
	DeleteMember(ctx context.Context, workspaceID, userID string) error

	Invitation(ctx context.Context, workspaceID, id string) (caiq.Invitation, error)
	// InvitationByHash finds one by its link, in whichever workspace.
	InvitationByHash(ctx context.Context, hash string) (caiq.Invitation, error)
	Invitations(ctx context.Context, workspaceID string) ([]caiq.Invitation, error)
	CreateInvitation(ctx context.Context, v caiq.Invitation) error  // exists: the email has one
	UpdateInvitation(ctx context.Context, v *caiq.Invitation) error // name, roles, link, expiry
	DeleteInvitation(ctx context.Context, workspaceID, id string) error
}

// UserStore keeps accounts.
type UserStore interface {
	User(ctx context.Context, id string) (caiq.User, error)
	UserByEmail(ctx context.Context, email string) (caiq.User, error)
	// Users lists so many at most whose id comes after the one given.
	Users(ctx context.Context, after string, limit int) ([]caiq.User, error)
	// CountUsers is 0 until an installation is set up.
	CountUsers(ctx context.Context) (int, error)
	CreateUser(ctx context.Context, u caiq.User) error // exists: the email is taken
	UpdateUser(ctx context.Context, u *caiq.User) error
}

// CredentialStore keeps what people and programs sign in with, and how often
// they failed to. Its methods also work on their own, outside Tx, and need no
// event; only making and changing a token is a change like any other.
type CredentialStore interface {
	Session(ctx context.Context, hash string) (caiq.Session, error) // expired ones too
	CreateSession(ctx context.Context, s caiq.Session) error
	TouchSession(ctx context.Context, hash string, lastSeen time.Time) error
	DeleteSession(ctx context.Context, hash string) error                // nil when it is gone already
	DeleteSessions(ctx context.Context, userID, exceptHash string) error // all of a user but one ("": all)
	DeleteExpired(ctx context.Context, now time.Time) error              // sessions, links, attempts a day old, keys a week old

	Token(ctx context.Context, id string) (caiq.Token, error) // revoked and expired ones too
	// Tokens lists those of a workspace, or of one of its users.
	Tokens(ctx context.Context, workspaceID, userID string) ([]caiq.Token, error)
	CreateToken(ctx context.Context, t caiq.Token) error
	UpdateToken(ctx context.Context, t *caiq.Token) error // name, revoked
	TouchToken(ctx context.Context, id string, lastUsed time.Time) error

	Link(ctx context.Context, hash string) (caiq.Link, error) // used and expired ones too
	CreateLink(ctx context.Context, l caiq.Link) error
	// UseLink marks a link used; of several callers exactly one succeeds, the
	// others get Conflict, "used".
	UseLink(ctx context.Context, hash string, at time.Time) error

	// CountAttempt counts one more failed try under a key and returns the count;
	// a key whose window has passed starts anew.
	CountAttempt(ctx context.Context, key string, at time.Time, window time.Duration) (caiq.Attempts, error)
	// Attempts returns the count without adding to it, zero for an unknown key.
	Attempts(ctx context.Context, key string) (caiq.Attempts, error)
	ForgetAttempts(ctx context.Context, key string) error
}

// RecordStore keeps questionnaires, their files and exports.
type RecordStore interface {
	// PutBlob keeps a file of a workspace and returns its SHA-256 in lower-case
	// hex; the same bytes are kept once. Blobs alone need no event.
	PutBlob(ctx context.Context, workspaceID string, data []byte) (string, error)
	// Blob returns a file after comparing it with its hash.
	Blob(ctx context.Context, workspaceID, sha256 string) ([]byte, error)

	// CreateRecord stores a record with all its questions, N counting from 1,
	// and an answer for each.
	CreateRecord(ctx context.Context, r caiq.Record, questions []caiq.StoredQuestion, answers []caiq.StoredAnswer) error
	Record(ctx context.Context, workspaceID, id string) (caiq.Record, error)
	Records(ctx context.Context, workspaceID string, f caiq.RecordFilter) ([]caiq.Record, error) // newest first
	UpdateRecord(ctx context.Context, r *caiq.Record) error
	// DeleteRecord deletes a record with its questions, answers, comments, lists
	// and exports, and its files where nothing else needs them. The trail stays.
	DeleteRecord(ctx context.Context, workspaceID, id string) error

	CreateExport(ctx context.Context, e caiq.Export) error
	Export(ctx context.Context, workspaceID, id string) (caiq.Export, error)
	// Exports lists those of a record, newest first, without Manifest and Evidence.
	Exports(ctx context.Context, workspaceID, recordID string) ([]caiq.Export, error)

	// IdempotencyKey finds what a key did; CreateIdempotencyKey remembers it in
	// the transaction that does it.
	IdempotencyKey(ctx context.Context, workspaceID, userID, action, key string) (caiq.IdempotencyKey, error)
	CreateIdempotencyKey(ctx context.Context, k caiq.IdempotencyKey) error
}

// AnswerStore keeps the answers of records: the current one of each question
// and all its revisions.
type AnswerStore interface {
	Row(ctx context.Context, workspaceID, recordID string, n int) (caiq.ReviewRow, error)
	Rows(ctx context.Context, workspaceID, recordID string, f caiq.RowFilter) ([]caiq.ReviewRow, error) // by n
	// SaveAnswers stores a new revision of each answer, all or none, and keeps
	// the record's counts. The database itself refuses an approval by an author
	// (Forbidden, "sod_violation") unless the workspace has a single operator.
	SaveAnswers(ctx context.Context, answers ...*caiq.StoredAnswer) error
	// AnswerHistory returns all revisions of an answer, oldest first.
	AnswerHistory(ctx context.Context, workspaceID, recordID string, n int) ([]caiq.StoredAnswer, error)
	// AnswerRevisions returns all revisions of all answers of a record, by number
	// and revision; of each proposal its band and hash alone.
	AnswerRevisions(ctx context.Context, workspaceID, recordID string) ([]caiq.StoredAnswer, error)
	// DamagedProposals lists the questions of a record of which a proposal, the
	// present or an earlier one, does not have its hash.
	DamagedProposals(ctx context.Context, workspaceID, recordID string) ([]int, error)
	// PutAnswerList keeps the list of what the engine wrote of a record in one go
	// and returns its SHA-256; AnswerList returns it, and not_found for one that
	// does not have its hash any more.
	PutAnswerList(ctx context.Context, workspaceID, recordID string, list []byte) (string, error)
	AnswerList(ctx context.Context, workspaceID, recordID, sha256 string) ([]byte, error)
	// MisfiledQuestions lists the questions of a record that lists and searches
	// find under another domain or text than their own.
	MisfiledQuestions(ctx context.Context, workspaceID, recordID string) ([]int, error)
	// Assign gives questions to a user, or to nobody ("").
	Assign(ctx context.Context, workspaceID, recordID string, n []int, userID string) error
	// Progress counts a record's answers by domain, state and band.
	Progress(ctx context.Context, workspaceID, recordID string) ([]caiq.ProgressCount, error)

	CreateComment(ctx context.Context, c caiq.Comment) error
	Comments(ctx context.Context, workspaceID, recordID string, n int) ([]caiq.Comment, error)
}

// LibraryStore keeps approved answers for reuse and imported profiles.
type LibraryStore interface {
	// PutLibraryEntry stores an entry; one for the same profile, question key,
	// text hash and audience is replaced, keeping its id and counting up its
	// revision. The entry as stored comes back.
	PutLibraryEntry(ctx context.Context, e caiq.LibraryEntry) (caiq.LibraryEntry, error)
	LibraryEntry(ctx context.Context, workspaceID, id string) (caiq.LibraryEntry, error)
	LibraryEntries(ctx context.Context, workspaceID string, f caiq.LibraryFilter) ([]caiq.LibraryEntry, error)
	UpdateLibraryEntry(ctx context.Context, e *caiq.LibraryEntry) error // owner, review-by, retired

	// CreateProfile stores the next version of a profile; exists when another
	// was stored meanwhile.
	CreateProfile(ctx context.Context, p caiq.StoredProfile) error
	// Profile returns a version of a profile, the current one for version 0.
	Profile(ctx context.Context, workspaceID, id string, version int) (caiq.StoredProfile, error)
	// Profiles lists the current version of each profile without its YAML.
	Profiles(ctx context.Context, workspaceID string) ([]caiq.StoredProfile, error)
	// ProfileVersions lists all versions of a profile without YAML, oldest first.
	ProfileVersions(ctx context.Context, workspaceID, id string) ([]caiq.StoredProfile, error)
}

// ShelfStore keeps what questions ask by a reviewer's word, and finds the texts
// that questionnaires ask: what the search index of a workspace is built of.
type ShelfStore interface {
	// PutPick keeps what a reviewer chose for a question, in place of an earlier
	// choice for it.
	PutPick(ctx context.Context, k caiq.Pick) error
	DeletePick(ctx context.Context, workspaceID, recordID string, n int) error
	// Picks lists those for questions of these texts (nil: all), newest first
	// where texts are few enough for one question to the database.
	Picks(ctx context.Context, workspaceID string, hashes []string) ([]caiq.Pick, error)
	// Asked lists the different texts of a workspace's questions by hash, or those
	// that came in with a record first, or first as another question.
	Asked(ctx context.Context, workspaceID, recordID string) ([]caiq.AskedText, error)
	AskedByHash(ctx context.Context, workspaceID string, hashes []string) ([]caiq.AskedText, error)
	// AskedAt says where texts were asked: each record once, the newest first.
	AskedAt(ctx context.Context, workspaceID string, hashes []string) ([]caiq.AskedAt, error)
	ShelfCount(ctx context.Context, workspaceID string) (caiq.ShelfCount, error)
}

// TrailStore keeps the audit trail, which nothing can change or delete.
type TrailStore interface {
	// AppendEvents adds events to the trail of their workspace, in the order
	// given, and sets Seq, Prev and Hash in them.
	AppendEvents(ctx context.Context, events ...*caiq.Event) error
	Events(ctx context.Context, workspaceID string, f caiq.EventFilter) ([]caiq.Event, error)
	// PutCheckpoint keeps a signed note; it needs no event and works on its own.
	PutCheckpoint(ctx context.Context, c caiq.Checkpoint) error
	// Checkpoints lists those of a workspace by sequence number.
	Checkpoints(ctx context.Context, workspaceID string) ([]caiq.Checkpoint, error)
}
