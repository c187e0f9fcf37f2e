package app

import (
	"reflect"
	"testing"
	"time"

	"caique/internal/caiq"
)

// TestAnswersHashCoversEveryField changes one field after the other: what is not
// in the hash can be changed in the database unnoticed.
func TestAnswersHashCoversEveryField(t *testing.T) {
	t.Parallel()
	before := answerSHA256(&caiq.StoredAnswer{})
	var seen []string
	var walk func(path []int, typ reflect.Type)
	walk = func(path []int, typ reflect.Type) {
		for i := range typ.NumField() {
			f, at := typ.Field(i), append(append([]int{}, path...), i)
			switch {
			case f.Name == "Proposal": // by its hash, and the band beside it
				continue
			case f.Anonymous:
				walk(at, f.Type)
				continue
			}
			var a caiq.StoredAnswer
			v := reflect.ValueOf(&a).Elem().FieldByIndex(at)
			switch v.Interface().(type) {
			case time.Time:
				v.Set(reflect.ValueOf(time.UnixMicro(1)))
			case caiq.Date:
				v.Set(reflect.ValueOf(caiq.Date{Year: 2026, Month: 1, Day: 1}))
			case []string:
				v.Set(reflect.ValueOf([]string{"x"}))
			case int:
				v.SetInt(7)
			default:
				v.SetString("x")
			}
			seen = append(seen, f.Name)
			if answerSHA256(&a) == before {
				t.Errorf("%s is not in the hash", f.Name)
			}
		}
	}
	walk(nil, reflect.TypeFor[caiq.StoredAnswer]())
	if len(seen) < 20 {
		t.Errorf("looked at %v", seen)
	}
	if answerSHA256(&caiq.StoredAnswer{Proposal: caiq.Proposal{Band: caiq.BandWeak}}) == before {
		t.Error("the band is not in the hash")
	}
}

// TestAnswersHashStays: events in installations hold such hashes for good.
func TestAnswersHashStays(t *testing.T) {
	t.Parallel()
	a := caiq.StoredAnswer{
		WorkspaceID: "w", RecordID: "r", N: 1, Revision: 2, State: caiq.StateEdited, Answer: caiq.Answer{Value: caiq.Yes, Description: "Ü & <b>"},
		Authors: []string{"ana", "ben"}, EditedBy: "ben", EvidenceUntil: caiq.Date{Year: 2027, Month: 3, Day: 31}, Changed: time.UnixMicro(1_800_000_000_000_001),
	}
	if got, want := answerSHA256(&a), "8468b5ff418597db0f5636ca204ce1bf7386f4a84315a29766a2cd38b494d5fd"; got != want {
		t.Errorf("the hash is %s", got)
	}
}
