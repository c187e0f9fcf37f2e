package mapping

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"caique/internal/caiq"
)

// party is the answering profile and every provider it uses, directly or not.
type party struct {
	first    string // id of the answering profile
	profiles map[string]*caiq.Profile
	hashes   map[string]string // by the file's path; a user's file by its base name
	files    map[string]string // by profile id: the file, as messages name it
	own      []ProfileSource   // the user's files among them
}

func newParty() *party {
	return &party{profiles: make(map[string]*caiq.Profile), hashes: make(map[string]string), files: make(map[string]string)}
}

// party loads the profile and its providers. A provider that uses, through
// others, itself is refused: responsibility would go round in circles.
func (l *Library) party(source ProfileSource) (*party, error) {
	pt := newParty()
	p, err := l.answering(source, pt)
	if err != nil {
		return nil, err
	}
	pt.first = p.ID
	if err := l.providers(source, pt, p, []string{p.ID}); err != nil {
		return nil, err
	}
	pt.readCopies()
	return pt, nil
}

// readCopies gives each provider the evidence that its user has read: of several
// users the answering profile, else the first by id. What a user has not read
// nobody else's reading stands in for.
func (pt *party) readCopies() {
	users := append([]string{pt.first}, sortedKeys(pt.profiles)...)
	done := make(seen)
	for _, id := range users {
		for _, u := range pt.profiles[id].Uses {
			if !done.again(u.Provider) {
				pt.profiles[u.Provider] = withCopies(pt.profiles[u.Provider], u.Evidence)
			}
		}
	}
}

// withCopies returns the provider with its evidence replaced by copies of the
// same ids. The provider itself, which others share, stays as it is.
func withCopies(provider *caiq.Profile, copies []caiq.Evidence) *caiq.Profile {
	if len(copies) == 0 {
		return provider
	}
	p := *provider
	p.Evidence = slices.Clone(p.Evidence)
	for _, c := range copies {
		if e := p.EvidenceByID(c.ID); e != nil {
			*e = c
		}
	}
	extendByLetters(p.Evidence)
	return &p
}

func (l *Library) answering(source ProfileSource, pt *party) (*caiq.Profile, error) {
	if source.Data == nil {
		return l.builtIn(source.Name, pt)
	}
	return readProfile(source, pt)
}

func (l *Library) builtIn(id string, pt *party) (*caiq.Profile, error) {
	p, err := l.Profile(id)
	if err != nil {
		return nil, err
	}
	full := path.Join(profilesDir, id+".yaml")
	pt.add(p, full, full, l.file(full).hash)
	return p, nil
}

// readProfile reads a file of the user's.
func readProfile(source ProfileSource, pt *party) (*caiq.Profile, error) {
	p := new(caiq.Profile)
	if ps := decode(source.Path, source.Data, p); ps != nil {
		return nil, ps
	}
	resolve(p)
	pt.add(p, source.Path, baseName(source.Path), sha256Hex(source.Data))
	pt.own = append(pt.own, source)
	return p, nil
}

func (pt *party) add(p *caiq.Profile, file, hashedAs, hash string) {
	pt.profiles[p.ID] = p
	pt.files[p.ID] = file
	pt.hashes[hashedAs] = hash
}

// providers loads what user uses; chain is the way from the answering profile to it.
func (l *Library) providers(source ProfileSource, pt *party, user *caiq.Profile, chain []string) error {
	for i, u := range user.Uses {
		field := join(index("uses", i), "provider")
		if slices.Contains(chain, u.Provider) {
			return pt.problem(user, field, "uses_cycle", "the profile uses itself: "+strings.Join(append(chain, u.Provider), " → "))
		}
		if pt.profiles[u.Provider] != nil {
			continue // reached another way
		}
		p, err := l.provider(source, pt, u.Provider)
		if caiq.CodeOf(err) == "unknown_profile" {
			return pt.problem(user, field, "unknown_profile", err.Error()+"; built in are "+strings.Join(l.ProfileIDs(), ", "))
		}
		if err != nil {
			return err
		}
		if p.ID != u.Provider {
			return pt.problem(p, "id", "id_not_file_name", "the file is named "+u.Provider+".yaml, so its id should be "+u.Provider)
		}
		if err := l.providers(source, pt, p, append(slices.Clone(chain), p.ID)); err != nil {
			return err
		}
	}
	return nil
}

func (pt *party) problem(user *caiq.Profile, field, code, message string) caiq.Problems {
	return caiq.Problems{{File: pt.files[user.ID], Field: field, Code: code, Message: message}}
}

// provider prefers a file beside the user's own to a built-in profile.
func (l *Library) provider(source ProfileSource, pt *party, id string) (*caiq.Profile, error) {
	if source.Data == nil || source.Siblings == nil || !packName.MatchString(id) {
		return l.builtIn(id, pt)
	}
	data, err := fs.ReadFile(source.Siblings, id+".yaml")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return l.builtIn(id, pt)
	case err != nil:
		return nil, caiq.Errorf(caiq.Invalid, "unreadable_profile", "the profile %s.yaml cannot be read", id)
	}
	return readProfile(ProfileSource{Path: path.Join(path.Dir(source.Path), id+".yaml"), Data: data, Siblings: source.Siblings}, pt)
}
