// Package mapping reads the YAML of questionnaires/ and mappings/ strictly,
// lints it and resolves it into the domain's types. It knows neither
// spreadsheets nor how answers are derived.
package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"caique/internal/caiq"
)

// Folders as they appear in messages and hashes.
const (
	questionnairesDir = "questionnaires"
	frameworksDir     = "mappings/frameworks"
	crosswalksDir     = "mappings/crosswalks"
	lineageDir        = "mappings/lineage"
	responsibilityDir = "mappings/responsibility"
	profilesDir       = "mappings/profiles"
	topicsFile        = "questionnaires/topics.yaml"
)

// criteria is the framework of the Trust Services Criteria.
const criteria caiq.FrameworkID = "tsc-2017"

// Library reads the packs of two file systems lazily, each file at most once.
// It is safe for concurrent use; what it returns is shared and must not be changed.
type Library struct {
	questionnaires, mappings fs.FS
	given                    map[string][]byte // files by path, instead of those in the folders

	mu    sync.Mutex
	files map[string]*file
}

// file is one data file, read and decoded once.
type file struct {
	once sync.Once
	data any // pointer to the decoded value
	hash string
	err  error
}

// topics is the shape of questionnaires/topics.yaml.
type topics struct {
	Schema int          `yaml:"schema"` // 1
	Topics []caiq.Topic `yaml:"topics"`
}

// New returns a library of the packs in the two folders.
func New(questionnaires, mappings fs.FS) *Library {
	return &Library{questionnaires: questionnaires, mappings: mappings, files: make(map[string]*file)}
}

// FormatIDs lists the known formats by the names of their files, sorted.
func (l *Library) FormatIDs() []caiq.FormatID {
	var ids []caiq.FormatID
	for _, name := range l.known(questionnairesDir) {
		ids = append(ids, caiq.FormatID(name))
	}
	return ids
}

// known lists the files of a folder, without the one beside the formats.
func (l *Library) known(folder string) []string {
	return slices.DeleteFunc(l.names(folder), func(name string) bool { return path.Join(folder, name+".yaml") == topicsFile })
}

// ProfileIDs lists the built-in profiles by the names of their files, sorted.
func (l *Library) ProfileIDs() []string { return l.names(profilesDir) }

// Format returns a format. An unknown one is NotFound with code unknown_format,
// a malformed file caiq.Problems; so with the other kinds of files.
func (l *Library) Format(id caiq.FormatID) (*caiq.Format, error) {
	if path.Join(questionnairesDir, string(id)+".yaml") == topicsFile {
		return nil, l.unknown(questionnairesDir, string(id), "format")
	}
	return load[caiq.Format](l, questionnairesDir, string(id), "format")
}

// Framework returns a framework.
func (l *Library) Framework(id caiq.FrameworkID) (*caiq.Framework, error) {
	return load[caiq.Framework](l, frameworksDir, string(id), "framework")
}

// Crosswalk returns the crosswalk between two frameworks, in this direction.
func (l *Library) Crosswalk(from, to caiq.FrameworkID) (*caiq.Crosswalk, error) {
	return load[caiq.Crosswalk](l, crosswalksDir, string(from)+"-to-"+string(to), "crosswalk")
}

// Lineage returns the lineage from one format to the next.
func (l *Library) Lineage(from, to caiq.FormatID) (*caiq.Lineage, error) {
	return load[caiq.Lineage](l, lineageDir, lineageName(from, to), "lineage")
}

// Kin returns, for each question of a format, those of the formats next to it that it
// continues or that continue it: they ask the same, or nearly so.
func (l *Library) Kin(format caiq.FormatID) (map[caiq.Ref][]caiq.Ref, error) {
	kin := make(map[caiq.Ref][]caiq.Ref)
	for _, e := range l.edges(lineageDir) {
		if e.from != string(format) && e.to != string(format) {
			continue
		}
		lin, err := l.Lineage(caiq.FormatID(e.from), caiq.FormatID(e.to))
		if err != nil {
			return nil, err
		}
		for _, entry := range lin.Entries {
			for _, id := range entry.To {
				if entry.From == "" {
					continue
				}
				own, other := caiq.MakeRef(e.from, entry.From), caiq.MakeRef(e.to, id)
				if e.to == string(format) {
					own, other = other, own
				}
				kin[own] = append(kin[own], other)
			}
		}
	}
	return kin, nil
}

// lineageName is a lineage's file name: "caiq-4.0-to-4.1".
func lineageName(from, to caiq.FormatID) string {
	return string(from) + "-to-" + strings.TrimPrefix(string(to), "caiq-")
}

// Topics returns what the known questions ask, in our own words; none when the
// library has no topics file.
func (l *Library) Topics() ([]caiq.Topic, error) {
	t, err := load[topics](l, questionnairesDir, "topics", "topics")
	if err != nil {
		if caiq.KindOf(err) == caiq.NotFound {
			return nil, nil
		}
		return nil, err
	}
	return t.Topics, nil
}

// Profile returns a built-in profile, resolved: references complete, defaults
// filled in.
func (l *Library) Profile(id string) (*caiq.Profile, error) {
	return loadWith(l, profilesDir, id, "profile", resolve)
}

// Responsibilities returns the shared-responsibility notes of the controls
// ("ccm-4.1/IAM-13"), in their order; controls without a note are left out. A
// control of CCM 4.0 without a note of its own has that of the same control in 4.1.
func (l *Library) Responsibilities(controls ...caiq.Ref) ([]caiq.Responsibility, error) {
	var found []caiq.Responsibility
	for _, ref := range controls {
		note, err := l.responsibility(ref)
		if err != nil {
			return nil, err
		}
		if note != nil {
			found = append(found, *note)
		}
	}
	return found, nil
}

// ProviderResponsibilities returns the notes on what one provider does and what
// it leaves to its customer; NotFound when there are none. Their models are
// categories of its services: infrastructure, managed, serverless.
func (l *Library) ProviderResponsibilities(profile string) (*caiq.ResponsibilityNotes, error) {
	return load[caiq.ResponsibilityNotes](l, responsibilityDir, profile, "responsibility notes")
}

func (l *Library) responsibility(ref caiq.Ref) (*caiq.Responsibility, error) {
	note, err := l.ownResponsibility(ref)
	if note != nil || err != nil {
		return note, err
	}
	for _, name := range l.names(crosswalksDir) {
		from, to, ok := strings.Cut(name, "-to-")
		if !ok || to != ref.Set() || !strings.HasPrefix(from, "ccm-") {
			continue
		}
		cw, err := l.Crosswalk(caiq.FrameworkID(from), caiq.FrameworkID(to))
		if err != nil {
			return nil, err
		}
		for _, e := range cw.Entries {
			if e.Same && slices.Contains(e.To, ref.ID()) {
				return l.ownResponsibility(caiq.MakeRef(from, e.Control))
			}
		}
	}
	return nil, nil //nolint:nilnil // no note is an ordinary answer
}

func (l *Library) ownResponsibility(ref caiq.Ref) (*caiq.Responsibility, error) {
	notes, err := load[caiq.ResponsibilityNotes](l, responsibilityDir, ref.Set(), "responsibility notes")
	switch {
	case caiq.KindOf(err) == caiq.NotFound:
		return nil, nil //nolint:nilnil // no note is an ordinary answer
	case err != nil:
		return nil, err
	}
	for i := range notes.Notes {
		if notes.Notes[i].Control == ref.ID() {
			return &notes.Notes[i], nil
		}
	}
	return nil, nil //nolint:nilnil // no note is an ordinary answer
}

var packName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)

// load returns the decoded file of a folder; what names its kind in messages.
func load[T any](l *Library, folder, name, what string) (*T, error) {
	return loadWith[T](l, folder, name, what, nil)
}

// loadWith also finishes the value, once, before anybody sees it.
func loadWith[T any](l *Library, folder, name, what string, finish func(*T)) (*T, error) {
	if !packName.MatchString(name) {
		return nil, l.unknown(folder, name, what)
	}
	f := l.file(path.Join(folder, name+".yaml"))
	f.once.Do(func() {
		v := new(T)
		f.data = v
		f.err = l.read(f, path.Join(folder, name+".yaml"), v)
		if finish != nil {
			finish(v) // a malformed file too: the linter checks what could be read
		}
	})
	if errors.Is(f.err, fs.ErrNotExist) {
		return nil, l.unknown(folder, name, what)
	}
	if f.err != nil {
		return nil, f.err
	}
	return f.data.(*T), nil //nolint:forcetypeassert // a path has one kind of file: its folder's
}

func (l *Library) file(name string) *file {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, ok := l.files[name]
	if !ok {
		f = new(file)
		l.files[name] = f
	}
	return f
}

func (l *Library) read(f *file, name string, v any) error {
	data, err := l.bytes(name)
	if err != nil {
		return err
	}
	f.hash = sha256Hex(data)
	if ps := decode(name, data, v); ps != nil {
		return ps
	}
	return nil
}

// bytes returns a data file by its path as messages name it.
func (l *Library) bytes(name string) ([]byte, error) {
	if data, ok := l.given[name]; ok {
		return data, nil
	}
	fsys, inner := l.place(name)
	return fs.ReadFile(fsys, inner)
}

// place returns the file system of a path and the path inside it.
func (l *Library) place(name string) (fs.FS, string) {
	top, inner, ok := strings.Cut(name, "/")
	if !ok {
		inner = "."
	}
	if top == questionnairesDir {
		return l.questionnaires, inner
	}
	return l.mappings, inner
}

// names lists the YAML files of a folder without their ending, sorted.
func (l *Library) names(folder string) []string {
	fsys, inner := l.place(folder)
	entries, err := fs.ReadDir(fsys, inner)
	if err != nil {
		return nil // a folder that is not there holds no files
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".yaml"); ok && !e.IsDir() {
			names = append(names, name)
		}
	}
	for name := range l.given {
		if path.Dir(name) == folder {
			names = append(names, strings.TrimSuffix(path.Base(name), ".yaml"))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (l *Library) unknown(folder, name, what string) *caiq.Error {
	code := "unknown_" + strings.ReplaceAll(what, " ", "_")
	return caiq.Errorf(caiq.NotFound, code, "there is no %s %q", what, clip(name)).
		WithHint("known are %s", strings.Join(l.known(folder), ", "))
}

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
