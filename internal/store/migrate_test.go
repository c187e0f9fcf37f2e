package store_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
	"caique/internal/store"
)

// older is a database as an older program left it.
type older struct {
	t       *testing.T
	address string
	db      *sql.DB
}

func openOlder(t *testing.T, address string, version int64) older {
	t.Helper()
	must(t, store.MigrateTo(t.Context(), address, version))
	return older{t, address, directly(t, address)}
}

// openFilled opens one with a workspace w, the people ana, ben and eve, and a record r
// with the questions 1 and 2.
func openFilled(t *testing.T, address string, version int64) older {
	t.Helper()
	o := openOlder(t, address, version)
	o.run(`INSERT INTO workspaces VALUES ('w', 1, 'W', false, 0, 0, '')`)
	o.run(`INSERT INTO users VALUES ('ana', 1, 'a', '', '', false, 0), ('ben', 1, 'b', '', '', false, 0), ('eve', 1, 'e', '', '', false, 0)`)
	o.run(`INSERT INTO blobs VALUES ('w', 'x', 0, CAST('' AS bytea))`)
	o.run(`INSERT INTO records VALUES ('w', 'r', 1, '', 'x', '{}', NULL, '', 0, '', '', 'nda', '', '', '', '', false, 'active', 0, 'ana', 2, 1, 1, 0, 0)`)
	for _, n := range []string{"1", "2"} {
		o.run(`INSERT INTO questions (workspace_id, record_id, n, question, domain) VALUES ('w', 'r', ` + n + `, '{}', '')`)
		o.run(`INSERT INTO proposals VALUES ('w', 'r', ` + n + `, '` + emptyProposal() + `', '{}')`)
	}
	return o
}

// directly opens a database past the store.
func directly(t *testing.T, address string) *sql.DB {
	t.Helper()
	if strings.HasPrefix(address, "postgres") {
		return openDirect(t, "pgx", address)
	}
	return openDirect(t, "sqlite", "file:"+address+"?_foreign_keys=0")
}

func emptyProposal() string {
	sum := sha256.Sum256([]byte(`{}`))
	return hex.EncodeToString(sum[:])
}

func (o older) run(query string) {
	o.t.Helper()
	if _, err := o.db.ExecContext(o.t.Context(), query); err != nil {
		o.t.Fatalf("%s: %v", query, err)
	}
}

// answer writes a row of answers or answer_revisions.
func (o older) answer(table, n, revision, state, editedBy string) {
	o.t.Helper()
	o.run(`INSERT INTO ` + table + ` (workspace_id, record_id, n, revision, state, value, ownership, description, customer, text_sha256,
		proposal_sha256, band, basis_hash, evidence_until, edited_by, approved_at, approved_basis, approved_until, reason, changed, source, single_operator)
		VALUES ('w', 'r', ` + n + `, ` + revision + `, '` + state + `', '', '', '', '', 't', '` + emptyProposal() + `', 'none', '', '', ` +
		editedBy + `, 0, '', '', '', 0, '', false)`)
}

// opened brings the database up to date.
func (o older) opened() *store.Store {
	o.t.Helper()
	must(o.t, o.db.Close())
	s, err := store.Open(o.t.Context(), o.address)
	closing(o.t, s, err)
	return s
}

// TestLinksOfBefore opens a database from before invitations stood by themselves:
// links to new passwords work on, those to come in have ended.
func TestLinksOfBefore(t *testing.T) {
	t.Parallel()
	eachAddress(t, func(t *testing.T, address string) {
		o := openOlder(t, address, 10)
		o.run(`INSERT INTO workspaces VALUES ('w', 1, 'W', false, 0, 0, '')`)
		o.run(`INSERT INTO users VALUES ('ana', 1, 'ana@example.com', 'Ana', 'x', false, 0), ('neu', 1, 'neu@example.com', 'Neu', '', false, 0)`)
		o.run(`INSERT INTO members VALUES ('w', 'neu', 1, 'viewer', 0)`)
		o.run(`INSERT INTO links VALUES ('r', 'reset', 'ana', 1000000, 2000000, 0, NULL, ''), ('u', 'reset', 'ana', 1000000, 2000000, 1500000, NULL, ''),
			('i', 'invite', 'neu', 1000000, 2000000, 0, NULL, ''), ('j', 'join', 'ana', 1000000, 2000000, 0, 'w', 'viewer')`)
		s := o.opened()
		for hash, want := range map[string]caiq.Link{
			"r": {Hash: "r", Purpose: caiq.LinkReset, UserID: "ana", Created: time.UnixMicro(1e6).UTC(), Expires: time.UnixMicro(2e6).UTC()},
			"u": {Hash: "u", Purpose: caiq.LinkReset, UserID: "ana", Created: time.UnixMicro(1e6).UTC(), Expires: time.UnixMicro(2e6).UTC(), Used: time.UnixMicro(15e5).UTC()},
		} {
			got, err := s.Link(t.Context(), hash)
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
		for _, hash := range []string{"i", "j"} {
			if _, err := s.Link(t.Context(), hash); caiq.KindOf(err) != caiq.NotFound {
				t.Errorf("link %s: %v", hash, err)
			}
		}
		if err := s.CreateLink(t.Context(), caiq.Link{Hash: "n", Purpose: caiq.LinkReset, UserID: "nobody"}); caiq.CodeOf(err) != "unknown_reference" {
			t.Errorf("a link to nobody: %v", err)
		}
		members, err := s.Members(t.Context(), "w")
		if must(t, err); len(members) != 1 {
			t.Errorf("members %v", members)
		}
	})
}

// TestAuthorsOfBefore opens a database from before authors were noted: they are
// all who edited since the text last stood as proposed.
func TestAuthorsOfBefore(t *testing.T) {
	t.Parallel()
	eachAddress(t, func(t *testing.T, address string) {
		o := openFilled(t, address, 2)
		o.answer("answers", "1", "5", "edited", "'ben'")
		o.answer("answers", "2", "1", "proposed", "NULL")
		o.answer("answer_revisions", "1", "1", "proposed", "NULL")
		o.answer("answer_revisions", "1", "2", "edited", "'eve'")
		o.answer("answer_revisions", "1", "3", "proposed", "NULL")
		o.answer("answer_revisions", "1", "4", "edited", "'ana'")
		o.answer("answer_revisions", "1", "5", "edited", "'ben'")
		o.answer("answer_revisions", "2", "1", "proposed", "NULL")
		s := o.opened()
		for n, want := range map[int][]string{1: {"ana", "ben"}, 2: nil} {
			row, err := s.Row(t.Context(), "w", "r", n)
			must(t, err)
			if diff := cmp.Diff(want, row.Answer.Authors); diff != "" {
				t.Errorf("authors of answer %d: %s", n, diff)
			}
		}
	})
}

// TestAudienceOfBefore opens a database from before texts had an audience of their
// own: it is the questionnaire's, and revisions are append-only as before.
func TestAudienceOfBefore(t *testing.T) {
	t.Parallel()
	eachAddress(t, func(t *testing.T, address string) {
		o := openFilled(t, address, 10)
		o.answer("answers", "1", "1", "proposed", "NULL")
		o.answer("answer_revisions", "1", "1", "proposed", "NULL")
		s := o.opened()
		row, err := s.Row(t.Context(), "w", "r", 1)
		must(t, err)
		history, err := s.AnswerHistory(t.Context(), "w", "r", 1)
		must(t, err)
		if diff := cmp.Diff([]caiq.StoredAnswer{row.Answer}, history); diff != "" || row.Answer.Audience != caiq.ReleaseNDA {
			t.Errorf("audience %q, revisions differ: %s", row.Answer.Audience, diff)
		}
		if _, err := directly(t, address).ExecContext(t.Context(), `UPDATE answer_revisions SET audience = 'public'`); err == nil {
			t.Error("revisions can be changed")
		}
	})
}
