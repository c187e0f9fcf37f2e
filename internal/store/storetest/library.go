package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"caique/internal/caiq"
)

func entry(id string) caiq.LibraryEntry {
	e := caiq.LibraryEntry{
		ID: id, WorkspaceID: workspace, Revision: 1, ProfileID: "example-saas", Key: "caiq-4.0/IAM-01.1", TextHash: "h-" + id,
		Question: "Is <it> so?", Asks: "caiq-4.0/IAM-01.1",
		Audience: caiq.ReleaseNDA, Answer: caiq.Answer{Value: caiq.No, Ownership: caiq.OwnerCSP, Description: "Not yet."},
		BasisHash: "basis", EvidenceUntil: caiq.DateOf(epoch()), Band: caiq.BandSupported, Owner: "ana",
		ReviewBy: caiq.DateOf(epoch()).AddMonths(6), SourceRecordID: "gone", SourceName: "CAIQ.xlsx", Product: "Cloud", SourceN: 4, SourceRevision: 2,
		EditedBy: "eve", ApprovedBy: "ben", ApprovedAt: epoch(), Created: epoch(),
	}
	e.TextSHA256 = e.Answer.SHA256()
	return e
}

func testLibrary(t *testing.T, open Open) {
	t.Run("an entry comes back as it was stored", func(t *testing.T) {
		f := newFixture(t, open)
		f.do(t, func(ctx context.Context) error {
			stored, err := f.PutLibraryEntry(ctx, entry("e"))
			equal(t, stored, err, entry("e"))
			return nil
		})
		got, err := f.LibraryEntry(f.ctx, workspace, "e")
		equal(t, got, err, entry("e"))
		_, err = f.LibraryEntry(f.ctx, workspace, "none")
		wantMissing(t, err)
	})
	t.Run("a newer answer to the same question replaces the older, another audience has its own", func(t *testing.T) {
		f := newFixture(t, open)
		f.do(t, func(ctx context.Context) error {
			_, err := f.PutLibraryEntry(ctx, entry("e"))
			f.must(t, err)
			newer := entry("e2")
			newer.TextHash, newer.Description, newer.EditedBy, newer.Created = "h-e", "Now.", "", epoch().Add(time.Hour)
			newer.TextSHA256 = newer.Answer.SHA256()
			stored, err := f.PutLibraryEntry(ctx, newer)
			newer.ID, newer.Revision, newer.Created = "e", 2, epoch()
			equal(t, stored, err, newer)
			public := entry("p")
			public.TextHash, public.Audience = "h-e", caiq.ReleasePublic
			_, err = f.PutLibraryEntry(ctx, public)
			return err
		})
		all, err := f.LibraryEntries(f.ctx, workspace, caiq.LibraryFilter{})
		if f.must(t, err); len(all) != 2 {
			t.Errorf("%d entries", len(all))
		}
	})
	t.Run("owner, review day and withdrawal can change", func(t *testing.T) {
		f := newFixture(t, open)
		e := entry("e")
		old := e
		f.do(t, func(ctx context.Context) error {
			_, err := f.PutLibraryEntry(ctx, e)
			f.must(t, err)
			e.Owner, e.ReviewBy, e.Retired = "eve", e.ReviewBy.AddDays(1), true
			return f.UpdateLibraryEntry(ctx, &e)
		})
		got, err := f.LibraryEntry(f.ctx, workspace, "e")
		equal(t, got, err, e)
		wantError(t, f.try(workspace, func(ctx context.Context) error { return f.UpdateLibraryEntry(ctx, &old) }), caiq.Conflict, "stale")
	})
	t.Run("entries are listed by filter, page by page", func(t *testing.T) {
		f := newFixture(t, open)
		f.do(t, func(ctx context.Context) error {
			for _, id := range []string{"a", "b", "c", "d"} {
				e := entry(id)
				switch id {
				case "b":
					e.Owner, e.ProfileID = "eve", "other"
				case "c":
					e.Key, e.Retired = "caiq-4.0/AIS-01.1", true
				}
				if _, err := f.PutLibraryEntry(ctx, e); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			filter caiq.LibraryFilter
			want   string
		}{
			{caiq.LibraryFilter{}, "a b d"},
			{caiq.LibraryFilter{Retired: true}, "a b c d"},
			{caiq.LibraryFilter{Limit: 1, After: "a"}, "b"},
			{caiq.LibraryFilter{ProfileID: "other"}, "b"},
			{caiq.LibraryFilter{Owner: "ana", Retired: true}, "a c d"},
			{caiq.LibraryFilter{Key: "caiq-4.0/AIS-01.1", Retired: true}, "c"},
		} {
			es, err := f.LibraryEntries(f.ctx, workspace, c.filter)
			var ids []string
			for _, e := range es {
				ids = append(ids, e.ID)
			}
			equal(t, strings.Join(ids, " "), err, c.want)
		}
	})
}

func storedProfile(id string, version int, yaml string) caiq.StoredProfile {
	sum := sha256.Sum256([]byte(yaml))
	return caiq.StoredProfile{
		WorkspaceID: workspace, ID: id, Version: version, Name: "Profile " + id, YAML: []byte(yaml),
		SHA256: hex.EncodeToString(sum[:]), Created: epoch(), CreatedBy: "ana",
	}
}

func testProfiles(t *testing.T, open Open) {
	t.Run("versions are kept and the highest is the current one", func(t *testing.T) {
		f := newFixture(t, open)
		one, two, other := storedProfile("p", 1, "a: 1\n"), storedProfile("p", 2, "a: 2\n"), storedProfile("a", 1, "")
		other.YAML = []byte{}
		f.do(t, func(ctx context.Context) error {
			for _, p := range []caiq.StoredProfile{one, two, other} {
				if err := f.CreateProfile(ctx, p); err != nil {
					return err
				}
			}
			return nil
		})
		got, err := f.Profile(f.ctx, workspace, "p", 0)
		equal(t, got, err, two)
		got, err = f.Profile(f.ctx, workspace, "p", 1)
		equal(t, got, err, one)
		_, err = f.Profile(f.ctx, workspace, "p", 3)
		wantMissing(t, err)
		_, err = f.Profile(f.ctx, workspace, "none", 0)
		wantMissing(t, err)
		one.YAML, two.YAML, other.YAML = nil, nil, nil
		current, err := f.Profiles(f.ctx, workspace)
		equal(t, current, err, []caiq.StoredProfile{other, two})
		versions, err := f.ProfileVersions(f.ctx, workspace, "p")
		equal(t, versions, err, []caiq.StoredProfile{one, two})
	})
	t.Run("a version is stored once", func(t *testing.T) {
		f := newFixture(t, open)
		create := func() error {
			return f.try(workspace, func(ctx context.Context) error { return f.CreateProfile(ctx, storedProfile("p", 1, "x")) })
		}
		f.must(t, create())
		wantError(t, create(), caiq.Conflict, "exists")
	})
}
