package workbook

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caique/internal/caiq"
)

// two formats that share IDs, as CAIQ 4.0 and 4.1 do: asks the same, A-02.1
// something else, A-03.1 exists in one of them only.
func sharedIDs() *catalogOf {
	return &catalogOf{formats: []*caiq.Format{
		formatOf("caiq-4.0", []string{"v4.0.3", "v4.0"}, "AIS-01.1", "Do you sail?", "AIS-02.1", "Do you row?", "AIS-03.1", "Do you swim?", "AIS-04.1", "Do you dive?"),
		formatOf("caiq-4.1", []string{"v4.1.0", "v4.1"}, "AIS-01.1", "Do you sail?", "AIS-02.1", "Do you fish?", "AIS-04.1", "Do you dive?", "AIS-05.1", "Do you surf?"),
	}}
}

func TestRead_format(t *testing.T) {
	t.Parallel()
	const header = "Question ID|Question|Answer"
	tests := []struct {
		name   string
		rows   []string
		format caiq.FormatID
		patch  string
		keys   []string
		kinds  []caiq.MatchKind
	}{
		{
			name: "texts decide, whatever the label says",
			rows: []string{"v4.0.3", header, "AIS-01.1|Do you sail?", "AIS-02.1|Do you fish?", "AIS-04.1|Do you dive?"}, format: "caiq-4.1",
			keys:  []string{"caiq-4.1/AIS-01.1", "caiq-4.1/AIS-02.1", "caiq-4.1/AIS-04.1"},
			kinds: []caiq.MatchKind{"known", "known", "known"},
		},
		{
			name: "the label decides where the texts do not",
			rows: []string{"CAIQ v4.0.3 of Example", header, "AIS-01.1|Do you sail?", "AIS-04.1|Do you dive?"}, format: "caiq-4.0", patch: "v4.0.3",
			keys: []string{"caiq-4.0/AIS-01.1", "caiq-4.0/AIS-04.1"}, kinds: []caiq.MatchKind{"known", "known"},
		},
		{
			name: "without texts and label, identifiers that only one format has decide",
			rows: []string{"", header, "AIS-01.1|Do you sail?", "AIS-03.1|Is swimming done?", "AIS-04.1|Is diving done?"}, format: "caiq-4.0",
			keys: []string{"caiq-4.0/AIS-01.1", "caiq-4.0/AIS-03.1", "caiq-4.0/AIS-04.1"}, kinds: []caiq.MatchKind{"known", "changed", "changed"},
		},
		{
			name: "the newest of equals wins",
			rows: []string{"", header, "AIS-01.1|Do you sail?", "AIS-04.1|Do you dive?"}, format: "caiq-4.1",
			keys: []string{"caiq-4.1/AIS-01.1", "caiq-4.1/AIS-04.1"}, kinds: []caiq.MatchKind{"known", "known"},
		},
		{
			name: "a row with another ID is known by its text, one of our own making by its cell",
			rows: []string{"v4.0", header, "AIS-01.1|Do you sail?", "X-9|Do you row?", "AIS-03.1|Do you swim?", "Z-1|Do you fly?"}, format: "caiq-4.0", patch: "v4.0",
			keys:  []string{"caiq-4.0/AIS-01.1", "caiq-4.0/AIS-02.1", "caiq-4.0/AIS-03.1", "custom/Q!B6"},
			kinds: []caiq.MatchKind{"known", "known", "known", "none"},
		},
		{
			name:   "a list of its own with a few known questions is custom, and its IDs mean nothing",
			rows:   []string{"", header, "AIS-01.1|Do you fly?", "AIS-02.1|Do you land?", "S-3|Do you swim?", "S-4|Do you wait?", "S-5|Do you pay?", "S-6|Are you there?", "S-7|Who is it?"},
			format: "custom",
			keys:   []string{"custom/Q!B3", "custom/Q!B4", "caiq-4.0/AIS-03.1", "custom/Q!B6", "custom/Q!B7", "custom/Q!B8", "custom/Q!B9"},
			kinds:  []caiq.MatchKind{"none", "none", "known", "none", "none", "none", "none"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := read(t, bookOf(t, nil, tt.rows...), sharedIDs(), nil)
			if q.Format != tt.format || q.Patch != tt.patch {
				t.Errorf("got %s %q, want %s %q; %q", q.Format, q.Patch, tt.format, tt.patch, q.Why)
			}
			var keys []string
			var kinds []caiq.MatchKind
			for _, x := range q.Questions {
				keys = append(keys, string(x.Key))
				kinds = append(kinds, x.Match.Kind)
			}
			if diff := cmp.Diff(tt.keys, keys); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.kinds, kinds); diff != "" {
				t.Errorf("matches (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRead_loadsNoMoreThanItNeeds(t *testing.T) {
	t.Parallel()
	c := sharedIDs()
	f := bookOf(t, nil, "v4.0.3", "Question ID|Question|Answer", "AIS-01.1|Do you sail?", "AIS-02.1|Do you row?")
	read(t, f, c, nil)
	if diff := cmp.Diff([]string{"caiq-4.0"}, c.loaded); diff != "" {
		t.Errorf("loaded (-want +got):\n%s", diff)
	}
	c = sharedIDs()
	read(t, bookOf(t, nil, "", "Question ID|Question|Answer", "AIS-01.1|Do you sail?", "AIS-02.1|Do you row?"), c, nil)
	if diff := cmp.Diff([]string{"caiq-4.1", "caiq-4.0", "topics"}, c.loaded); diff != "" {
		t.Errorf("loaded (-want +got):\n%s", diff)
	}
}

func TestRead_topics(t *testing.T) {
	t.Parallel()
	c := sharedIDs()
	c.topics = []caiq.Topic{
		{Questions: []caiq.Ref{"caiq-4.0/AIS-01.1", "caiq-4.1/AIS-01.1"}, Topic: "Is there sailing?"},
		{Questions: []caiq.Ref{"caiq-4.0/AIS-02.1"}, Topic: "Is there rowing?"},
	}
	q := read(t, bookOf(t, nil, "v4.0", "Question ID|Question|Answer", "AIS-01.1|Is there sailing?", "AIS-02.1|Is there rowing?"), c, nil)
	if q.Format != "caiq-4.0" || q.Confidence != 1 || q.Questions[1].Match.Kind != caiq.MatchKnown {
		t.Errorf("got %s with confidence %v and match %v", q.Format, q.Confidence, q.Questions[1].Match)
	}
}

func TestRead_lite(t *testing.T) {
	t.Parallel()
	c := sharedIDs()
	for i := range 2 {
		c.formats[0].Questions[i].Lite = true
	}
	lite := []string{"v4.0", "Question ID|Question|Answer", "AIS-01.1|Do you sail?", "AIS-02.1|Do you row?"}
	if q := read(t, bookOf(t, nil, lite...), c, nil); !q.Lite || len(q.Warnings) > 0 {
		t.Errorf("the Lite subset: lite is %v, warnings %v", q.Lite, q.Warnings)
	}
	if q := read(t, bookOf(t, nil, append(lite, "AIS-03.1|Do you swim?")...), c, nil); q.Lite {
		t.Error("with a question more it is still called Lite")
	}
}

func TestRead_warnsOfWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	var pairs, rows []string
	rows = append(rows, "v4.0", "Question ID|Question|Answer")
	for i := range 20 {
		id, text := fmt.Sprintf("AIS-%02d.1", i+1), fmt.Sprintf("Do you own %d boats?", i)
		pairs = append(pairs, id, text)
		if i != 7 {
			rows = append(rows, id+"|"+text)
		}
	}
	rows[2] = "AIS-01.1|Do you rent boats?"
	rows = append(rows, "AIS-99.1|Do you like boats?")
	q := read(t, bookOf(t, nil, rows...), &catalogOf{formats: []*caiq.Format{formatOf("caiq-4.0", []string{"v4.0"}, pairs...)}}, nil)
	var got []string
	for _, w := range q.Warnings {
		got = append(got, w.Code+" "+w.Cell)
	}
	if diff := cmp.Diff([]string{"changed_text B3", "unrecognised B22", "missing_questions "}, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestRead_givenFormat(t *testing.T) {
	t.Parallel()
	f := bookOf(t, nil, "v4.0.3", "Question ID|Question|Answer", "AIS-01.1|Do you sail?", "AIS-04.1|Do you dive?")
	for _, format := range []caiq.FormatID{"caiq-4.1", caiq.FormatCustom} {
		if q := read(t, f, sharedIDs(), &caiq.Layout{Format: format}); q.Format != format {
			t.Errorf("got %s, want %s", q.Format, format)
		}
	}
	_, err := Read(f, sharedIDs(), &caiq.Layout{Format: "caiq-9"})
	if problems, ok := err.(caiq.Problems); !ok || len(problems) != 1 || problems[0].Code != "unknown_format" || problems[0].Field != "format" { //nolint:errorlint // the very list
		t.Errorf("got error %v, want unknown_format at format", err)
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, label string
		want        bool
	}{
		{"caiqv4.0.3", "v4.0.3", true},
		{"v4.0.2+0", "v4.0.2", true},
		{"v4.0.3", "v4.0", false},
		{"v4.0.3 and v4.0", "v4.0", true},
		{"v3.10", "v3.1", false},
		{"version 3.1.", "version 3.1", true},
		{"anything", "", false},
	}
	for _, tt := range tests {
		if got := mentions(tt.text, tt.label); got != tt.want {
			t.Errorf("mentions(%q, %q) = %v", tt.text, tt.label, got)
		}
	}
}
