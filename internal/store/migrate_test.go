package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/store"
)

// TestAuthorsOfBefore opens a database from before authors were noted: they are
// all who edited since the text last stood as proposed.
func TestAuthorsOfBefore(t *testing.T) {
	t.Parallel()
	eachAddress(t, func(t *testing.T, address string) {
		must(t, store.MigrateTo(t.Context(), address, 2))
		driver := "pgx"
		dsn := address
		if !strings.HasPrefix(address, "postgres") {
			driver, dsn = "sqlite", "file:"+address+"?_foreign_keys=0"
		}
		db := openDirect(t, driver, dsn)
		run := func(query string) {
			if _, err := db.ExecContext(t.Context(), query); err != nil {
				t.Fatalf("%s: %v", query, err)
			}
		}
		run(`INSERT INTO workspaces VALUES ('w', 1, 'W', false, 0, 0, '')`)
		run(`INSERT INTO users VALUES ('ana', 1, 'a', '', '', false, 0), ('ben', 1, 'b', '', '', false, 0), ('eve', 1, 'e', '', '', false, 0)`)
		run(`INSERT INTO blobs VALUES ('w', 'x', 0, CAST('' AS bytea))`)
		run(`INSERT INTO records VALUES ('w', 'r', 1, '', 'x', '{}', NULL, '', 0, '', '', '', '', '', '', '', false, 'active', 0, 'ana', 2, 1, 1, 0, 0)`)
		sum := sha256.Sum256([]byte(`{}`))
		empty := hex.EncodeToString(sum[:])
		answer := func(table, n, revision, state, editedBy string) {
			run(`INSERT INTO ` + table + ` VALUES ('w', 'r', ` + n + `, ` + revision + `, '` + state + `', '', '', '', '', 't', '` + empty + `', 'none', '', '', ` +
				editedBy + `, NULL, 0, '', '', '', NULL, 0, '', false)`)
		}
		for _, n := range []string{"1", "2"} {
			run(`INSERT INTO questions VALUES ('w', 'r', ` + n + `, '{}', '', NULL)`)
			run(`INSERT INTO proposals VALUES ('w', 'r', ` + n + `, '` + empty + `', '{}')`)
		}
		answer("answers", "1", "5", "edited", "'ben'")
		answer("answers", "2", "1", "proposed", "NULL")
		answer("answer_revisions", "1", "1", "proposed", "NULL")
		answer("answer_revisions", "1", "2", "edited", "'eve'")
		answer("answer_revisions", "1", "3", "proposed", "NULL")
		answer("answer_revisions", "1", "4", "edited", "'ana'")
		answer("answer_revisions", "1", "5", "edited", "'ben'")
		answer("answer_revisions", "2", "1", "proposed", "NULL")
		must(t, db.Close())
		s, err := store.Open(t.Context(), address)
		closing(t, s, err)
		for n, want := range map[int][]string{1: {"ana", "ben"}, 2: nil} {
			row, err := s.Row(t.Context(), "w", "r", n)
			must(t, err)
			if diff := cmp.Diff(want, row.Answer.Authors); diff != "" {
				t.Errorf("authors of answer %d: %s", n, diff)
			}
		}
	})
}
