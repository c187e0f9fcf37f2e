package main

import (
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/mapping"
	"caique/internal/search"
)

// answerFlags are those that determine proposals; answer and explain share them.
type answerFlags struct {
	profile  string
	layout   string
	audience string
	asOf     string

	layoutData []byte // the layout file, for the lines of its problems
}

func (f *answerFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.profile, "profile", "p", "", "whose answers: a built-in profile's name, or a path (holds a / or ends in .yaml)")
	cmd.Flags().StringVar(&f.layout, "layout", "", "YAML file that says where questions and answers stand (see caique inspect --write-layout)")
	cmd.Flags().StringVar(&f.audience, "audience", string(caiq.ReleaseNDA), "who will read it: public, nda or internal; nothing of a narrower class is written")
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "the day on which evidence is judged, as 2026-09-30 (default: today in UTC)")
}

// newSearch keeps the index of a single run in memory.
func newSearch() app.SearchIndex { return search.NewMemory() }

// collectOften has a run over one file take less memory for a little more work,
// unless GOGC says what the user wants.
func collectOften() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
}

// input reads the files that the flags name.
func (f *answerFlags) input(t terminal, lib *mapping.Library, path string) (app.Input, error) {
	collectOften()
	in := app.Input{Name: path, Search: newSearch}
	var err error
	if in.Options, err = f.options(t); err != nil {
		return in, err
	}
	if f.profile == "" {
		return in, usagef("--profile is missing: give a path, or one of the built-in profiles %s", list(lib.ProfileIDs()))
	}
	if in.Data, err = readWorkbook(path); err != nil {
		return in, err
	}
	if in.Layout, f.layoutData, err = readLayout(f.layout); err != nil {
		return in, err
	}
	in.Profile, err = profileSource(f.profile)
	return in, err
}

func (f *answerFlags) options(t terminal) (caiq.Options, error) {
	o := caiq.Options{Audience: caiq.Release(f.audience)}
	if !o.Audience.Valid() {
		return o, usagef("--audience is %q; it can be public, nda or internal", f.audience)
	}
	var err error
	o.AsOf, err = day(t, f.asOf)
	return o, err
}

// day reads what --as-of says, today in UTC where it says nothing.
func day(t terminal, asOf string) (caiq.Date, error) {
	if asOf == "" {
		return caiq.DateOf(t.now()), nil
	}
	d, err := caiq.ParseDate(asOf)
	if err != nil {
		return d, usagef("--as-of: %s", err)
	}
	return d, nil
}

// located gives what reading the questionnaire found wrong with the layout file its place there.
func (f *answerFlags) located(err error) error {
	return mapping.LocateLayout(f.layout, f.layoutData, err)
}

// readLayout reads a layout file, none when there is no path.
func readLayout(path string) (*caiq.Layout, []byte, error) {
	if path == "" {
		return nil, nil, nil
	}
	data, err := readFile(path, mapping.MaxFileSize)
	if err != nil {
		return nil, nil, err
	}
	layout, err := mapping.DecodeLayout(path, data)
	return layout, data, err
}
