package app

import (
	"cmp"
	"context"
	"slices"

	"caique/internal/answer"
	"caique/internal/caiq"
	"caique/internal/mapping"
)

// Coverage is what a profile has to say to a questionnaire, and what it lacks.
type Coverage struct {
	Profile  *caiq.Profile   `json:"-"`
	Title    string          `json:"format"`
	Duties   []mapping.Duty  `json:"duties"` // between the profile and its providers, unmet ones first
	Evidence []EvidenceState `json:"evidence"`
	Summary  Summary         `json:"summary"`
	Lifts    []answer.Lift   `json:"lifts"`
}

// EvidenceState is one piece of evidence as of a day.
type EvidenceState struct {
	ID      string       `json:"id"`
	Title   string       `json:"title"`
	Period  string       `json:"period"`
	Release caiq.Release `json:"release"`
	State   string       `json:"state"` // "reliable until 2027-09-30", "expired on …", "not issued before …"
}

// Cover measures a profile against a format; without one, against the CAIQ of
// the CCM version that the profile speaks.
func Cover(ctx context.Context, lib *mapping.Library, source mapping.ProfileSource, format caiq.FormatID, opt caiq.Options) (*Coverage, error) {
	if format == "" {
		p, err := lib.Load(source)
		if err != nil {
			return nil, err
		}
		format = caiq.FormatID("caiq-" + p.CCM)
	}
	d, err := Survey(ctx, lib, format, source, opt)
	if err != nil {
		return nil, err
	}
	c := &Coverage{Profile: d.Profile, Title: d.Knowledge.Formats[format].Title, Summary: Summarize(d), Lifts: d.Lifts}
	if c.Duties, err = lib.Duties(source); err != nil {
		return nil, err
	}
	slices.SortStableFunc(c.Duties, func(a, b mapping.Duty) int { return cmp.Compare(dutyRank(a), dutyRank(b)) })
	for i := range d.Profile.Evidence {
		c.Evidence = append(c.Evidence, evidenceState(&d.Profile.Evidence[i], opt.AsOf))
	}
	return c, nil
}

func dutyRank(d mapping.Duty) int {
	if d.State == mapping.DutyUnmet {
		return 0
	}
	return 1
}

func evidenceState(e *caiq.Evidence, asOf caiq.Date) EvidenceState {
	s := EvidenceState{ID: e.ID, Title: e.Title, Release: e.Release, Period: e.AsOf.String()}
	if !e.From.IsZero() {
		s.Period = e.From.String() + " to " + e.To.String()
	}
	switch issued := cmp.Or(e.Issued, e.AsOf); {
	case e.Confirm != "":
		s.State = "to be confirmed"
	case asOf.Before(issued):
		s.State = "not issued before " + issued.String()
	case !e.ReliableUntil.IsZero() && asOf.After(e.ReliableUntil):
		s.State = "expired on " + e.ReliableUntil.String()
	case e.ReliableUntil.IsZero():
		s.State = "without an end"
	default:
		s.State = "reliable until " + e.ReliableUntil.String()
	}
	return s
}
