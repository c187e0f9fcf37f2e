package mapping

import (
	"path"
	"strings"

	"caique/internal/caiq"

	"go.yaml.in/yaml/v3"
)

// LintFile checks a user's data file of any kind, which its fields tell: a
// profile, a layout, or a file as it could stand in questionnaires/ or
// mappings/. It is checked among the library's files, in place of the one of its
// name if there is one.
func LintFile(l *Library, source ProfileSource) caiq.Problems {
	root, ps := parse(source.Path, source.Data)
	if ps != nil {
		return ps
	}
	folder, name := kindOf(root)
	switch folder {
	case profilesDir:
		return LintProfile(l, source)
	case layoutKind:
		_, ps := readLayout(source.Path, source.Data, l.FormatIDs())
		return ps
	}
	if name == "" {
		name = strings.TrimSuffix(baseName(source.Path), ".yaml")
	}
	if !packName.MatchString(name) {
		return caiq.Problems{{
			File: source.Path, Code: "bad_file_name",
			Message: "a file of " + folder + " is named in lower-case letters, digits, dots and hyphens, and ends in .yaml",
		}}
	}
	return l.lintGiven(path.Join(folder, name+".yaml"), source)
}

// lintGiven checks a file as if it stood at the path.
func (l *Library) lintGiven(at string, source ProfileSource) caiq.Problems {
	among := New(l.questionnaires, l.mappings)
	among.given = map[string][]byte{at: source.Data}
	ps := among.lintFile(newCatalogue(among), at)
	for i := range ps {
		if ps[i].File == at {
			ps[i].File = source.Path
		}
	}
	return ps
}

const layoutKind = "layout"

// kindOf tells the kind of a data file by its folder, and its name where a kind
// has one file. What nothing tells is a profile.
func kindOf(root *yaml.Node) (folder, name string) {
	has := func(fields ...string) bool {
		for _, f := range fields {
			if _, value := childOf(root, f); value == nil {
				return false
			}
		}
		return true
	}
	switch {
	case has("topics"):
		return questionnairesDir, "topics"
	case has("sheets"):
		return layoutKind, ""
	case has("questions"), has("detect"):
		return questionnairesDir, ""
	case has("notes"):
		return responsibilityDir, ""
	case has("domains"), has("criteria"):
		return frameworksDir, ""
	case has("from", "to"):
		if _, from := childOf(root, "from"); strings.HasPrefix(from.Value, "caiq-") {
			return lineageDir, ""
		}
		return crosswalksDir, ""
	case has("framework", "entries"):
		return vocabularyDir, ""
	case has("ranking"), has("confidence"):
		return vocabularyDir, modelFile
	case has("concepts"), has("filler"):
		return vocabularyDir, lexiconFile
	default:
		return profilesDir, ""
	}
}
