package app

import (
	"context"

	"caique/internal/caiq"
	"caique/internal/mapping"
)

// Survey proposes an answer to every question of a format, without a file: what
// a profile has to say. The draft has no output and no manifest. There are no
// texts: what is reached by its control alone stays open.
func Survey(ctx context.Context, lib *mapping.Library, format caiq.FormatID, profile mapping.ProfileSource, opt caiq.Options) (*Draft, error) {
	f, err := lib.Format(format)
	if err != nil {
		return nil, err
	}
	d := &Draft{Questionnaire: blankQuestionnaire(f)}
	if d.Knowledge, err = lib.Knowledge(format, profile); err != nil {
		return nil, err
	}
	if err := d.ready(opt); err != nil {
		return nil, err
	}
	return d, d.propose(ctx, Input{Options: opt}, nil)
}

// blankQuestionnaire is a file of the format as the engine sees it: every
// question recognised, nothing answered.
func blankQuestionnaire(f *caiq.Format) *caiq.Questionnaire {
	q := &caiq.Questionnaire{Format: f.ID, Confidence: 1}
	for i, fq := range f.Questions {
		ref := f.Ref(fq)
		q.Questions = append(q.Questions, caiq.Question{
			Key: ref, Match: caiq.Match{Kind: caiq.MatchKnown, Question: ref, HasText: true},
			ID: fq.ID, Control: fq.Control, Domain: fq.Domain, Row: i + 1,
		})
	}
	return q
}
