package app

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"caique/internal/answer"
	"caique/internal/caiq"
	"caique/internal/mapping"
)

// knowing is the knowledge that answers questionnaires of one format for one
// profile of a workspace.
type knowing struct {
	format    caiq.FormatID
	knowledge *caiq.Knowledge
	profile   *caiq.Profile
	version   int    // of a workspace's own profile; 0 for a built-in one
	sha256    string // of all data files behind it
	// authors are who imported the statements of the workspace's own profiles, by
	// party and by what steps call a statement.
	authors map[string]map[string][]string
	bases   knownBases
	names   keptNames
}

// engine prepares the engine for some options.
func (k *knowing) engine(opt caiq.Options) (*answer.Engine, error) {
	return answer.New(k.knowledge, k.profile.ID, opt)
}

// know loads what answering needs: a workspace's own profile in the version
// (0: the current one) or a built-in one.
func (s *Service) know(ctx context.Context, workspaceID string, format caiq.FormatID, profileID string, version int) (*knowing, error) {
	return s.knowAt(ctx, workspaceID, format, profileID, versions{profileID: version})
}

// versions are those of a workspace's own profiles that are meant, by id; 0, and
// those that are not named: the current one.
type versions map[string]int

// knowAt loads what answering needed when a workspace's own profiles were at some
// versions.
func (s *Service) knowAt(ctx context.Context, workspaceID string, format caiq.FormatID, profileID string, at versions) (*knowing, error) {
	source, key, version, err := s.profileSource(ctx, workspaceID, profileID, at)
	if err != nil {
		return nil, err
	}
	return s.known.get(string(format)+"\n"+key, func() (*knowing, error) {
		k, err := s.library.Knowledge(format, source)
		if err != nil {
			return nil, err
		}
		known := &knowing{format: format, knowledge: k, profile: k.Profiles[k.Answering], version: version, sha256: hashHashes(k.Hashes)}
		if version == 0 {
			return known, nil // built in: nobody of the workspace wrote it
		}
		known.authors, err = s.importers(ctx, workspaceID, k, version)
		return known, err
	})
}

// importers says who wrote the statements of the workspace's own profiles among
// those that answer. Of versions from before that was noted, it is all who had
// imported one.
func (s *Service) importers(ctx context.Context, workspaceID string, k *caiq.Knowledge, version int) (map[string]map[string][]string, error) {
	all := make(map[string]map[string][]string)
	for id, p := range k.Profiles {
		if s.builtIn(id) {
			continue
		}
		n := 0 // those that it uses: as they are now
		if id == k.Answering {
			n = version
		}
		stored, err := s.store.Profile(ctx, workspaceID, id, n)
		if err != nil {
			return nil, err
		}
		if all[id] = stored.Authors; stored.Authors != nil {
			continue
		}
		if all[id], err = s.everyImporter(ctx, stored, p); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *Service) everyImporter(ctx context.Context, stored caiq.StoredProfile, p *caiq.Profile) (map[string][]string, error) {
	versions, err := s.store.ProfileVersions(ctx, stored.WorkspaceID, stored.ID)
	if err != nil {
		return nil, err
	}
	var authors []string
	for _, v := range versions {
		if v.Version <= stored.Version {
			authors = withAuthor(authors, v.CreatedBy)
		}
	}
	out := make(map[string][]string)
	for id := range statementsOf(p) {
		out[id] = authors
	}
	return out, nil
}

// profileSource returns where a profile comes from, a key that changes with its
// content, and its version. A workspace's own profiles may use each other.
func (s *Service) profileSource(ctx context.Context, workspaceID, id string, at versions) (mapping.ProfileSource, string, int, error) {
	if s.builtIn(id) {
		return mapping.ProfileSource{Name: id}, id, 0, nil
	}
	p, err := s.store.Profile(ctx, workspaceID, id, at[id])
	if caiq.KindOf(err) == caiq.NotFound {
		return mapping.ProfileSource{}, "", 0, s.unknownProfile(ctx, workspaceID, id, at[id])
	}
	if err != nil {
		return mapping.ProfileSource{}, "", 0, err
	}
	siblings, err := s.store.Profiles(ctx, workspaceID)
	if err != nil {
		return mapping.ProfileSource{}, "", 0, err
	}
	key := []string{workspaceID, id, strconv.Itoa(p.Version), p.SHA256}
	for _, o := range siblings {
		version := o.Version
		if at[o.ID] > 0 {
			version = at[o.ID]
		}
		key = append(key, o.ID, strconv.Itoa(version)) // a version never changes
	}
	source := mapping.ProfileSource{Path: id + ".yaml", Data: p.YAML, Siblings: profileFolder{s.store, ctx, workspaceID, at}}
	return source, strings.Join(key, "\n"), p.Version, nil
}

// builtIn reports whether a profile comes with the program; nobody of a workspace
// wrote it.
func (s *Service) builtIn(id string) bool { return slices.Contains(s.library.ProfileIDs(), id) }

// checkVersion refuses to name a version of a profile that comes with the program.
func (s *Service) checkVersion(profileID string, version int) error {
	if version > 0 && s.builtIn(profileID) {
		return caiq.Errorf(caiq.Invalid, "no_versions", "the profile %s comes with the program and has no versions", profileID).
			At("version").WithHint("leave the version out")
	}
	return nil
}

func (s *Service) unknownProfile(ctx context.Context, workspaceID, id string, version int) error {
	own, err := s.store.Profiles(ctx, workspaceID)
	if err != nil {
		return err
	}
	ids := make([]string, len(own))
	for i, p := range own {
		ids[i] = p.ID
	}
	e := caiq.Errorf(caiq.NotFound, "unknown_profile", "there is no profile %q", clip(id)).At("profile")
	if version > 0 {
		e = caiq.Errorf(caiq.NotFound, "unknown_profile", "there is no version %d of a profile %q", version, clip(id)).At("version")
	}
	if len(ids) == 0 {
		return e.WithHint("built in are %s; an admin can import others", strings.Join(s.library.ProfileIDs(), ", "))
	}
	return e.WithHint("the workspace has %s; built in are %s", strings.Join(ids, ", "), strings.Join(s.library.ProfileIDs(), ", "))
}

func clip(text string) string {
	if r := []rune(text); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return text
}

// hashHashes identifies a set of files by their paths and hashes.
func hashHashes(hashes map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(hashes)) {
		b.WriteString(name + " " + hashes[name] + "\n")
	}
	return hexSHA256([]byte(b.String()))
}

// profileFolder shows a workspace's own profiles as the files of a folder. It
// lives as long as one loading.
type profileFolder struct {
	store       Store
	ctx         context.Context //nolint:containedctx // fs.FS has no room for one, and the value does not outlive a call
	workspaceID string
	at          versions
}

// Open refuses: the profiles are read whole.
func (f profileFolder) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadFile returns the YAML of a profile.
func (f profileFolder) ReadFile(name string) ([]byte, error) {
	id := strings.TrimSuffix(path.Base(name), ".yaml")
	p, err := f.store.Profile(f.ctx, f.workspaceID, id, f.at[id])
	if caiq.KindOf(err) == caiq.NotFound {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return p.YAML, err
}

// maxKnown bounds the cache: formats times profiles in use at a time.
const maxKnown = 64

// knowledgeCache keeps what was loaded, since reading and linting a profile
// takes longer than answering with it.
type knowledgeCache struct {
	mu      sync.Mutex
	entries map[string]*knownEntry
	// official are the recognisers, once somebody wanted them; never changed.
	official []*caiq.Matcher
}

type knownEntry struct {
	once sync.Once
	k    *knowing
	err  error
}

func newKnowledgeCache() *knowledgeCache {
	return &knowledgeCache{entries: make(map[string]*knownEntry)}
}

func (c *knowledgeCache) get(key string, load func() (*knowing, error)) (*knowing, error) {
	c.mu.Lock()
	e := c.entries[key]
	if e == nil {
		if len(c.entries) >= maxKnown {
			clear(c.entries)
		}
		e = new(knownEntry)
		c.entries[key] = e
	}
	c.mu.Unlock()
	e.once.Do(func() { e.k, e.err = load() })
	if e.err != nil {
		c.forget(key, e)
	}
	return e.k, e.err
}

// forget drops a failure: the next caller tries again. Bad data fails again,
// what was cut off by its caller's context does not.
func (c *knowledgeCache) forget(key string, e *knownEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries[key] == e {
		delete(c.entries, key)
	}
}

// placed names the field of the input that an error is about.
func placed(err error, field string) error {
	if e, ok := errors.AsType[*caiq.Error](err); ok {
		return e.At(field)
	}
	return err
}

// asProblems returns the list of problems that an error is, if it is one.
func asProblems(err error) (caiq.Problems, bool) {
	return errors.AsType[caiq.Problems](err)
}

// recognisers recognise official texts by their hash, the newest format first.
func (c *knowledgeCache) recognisers(lib *mapping.Library) ([]*caiq.Matcher, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.official != nil {
		return c.official, nil
	}
	topics, err := lib.Topics()
	if err != nil {
		return nil, err
	}
	ids := lib.FormatIDs()
	slices.Sort(ids)
	var all []*caiq.Matcher
	for _, id := range slices.Backward(ids) {
		f, err := lib.Format(id)
		if err != nil {
			return nil, err
		}
		all = append(all, caiq.NewMatcher(f, topics))
	}
	c.official = all
	return all, nil
}
