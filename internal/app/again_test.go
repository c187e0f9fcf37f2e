package app_test

import (
	"slices"
	"testing"

	"caique/internal/app"
	"caique/internal/caiq"
)

func TestAFileThatIsHereAlreadySaysWhatOfTheNextUploadIsIgnored(t *testing.T) {
	t.Parallel()
	ctx, w := t.Context(), newWorld(t)
	data := sample(t)
	upload := func(in app.UploadInput) app.Uploaded {
		t.Helper()
		in.Data = data
		if in.Name == "" {
			in.Name = "CAIQ.xlsx"
		}
		up, err := w.Upload(ctx, w.uploader, in)
		if err != nil {
			t.Fatal(err)
		}
		return up
	}
	first := upload(app.UploadInput{RecordInput: app.RecordInput{Customer: " Globex  Corp ", Deal: "Q4"}})
	if first.Record.Customer != "Globex  Corp" || !first.Created {
		t.Fatalf("stored as %q", first.Record.Customer)
	}
	same := upload(app.UploadInput{RecordInput: app.RecordInput{Customer: "globex corp", Deal: "q4 "}})
	if same.Created || same.Record.ID != first.Record.ID || len(same.Ignored) > 0 {
		t.Errorf("the same again: %+v", same)
	}
	day, err := caiq.ParseDate("2027-01-31")
	if err != nil {
		t.Fatal(err)
	}
	more := upload(app.UploadInput{
		Name: "other.xlsx", ProfileID: "example-saas", Audience: caiq.ReleaseInternal, AsOf: day,
		RecordInput: app.RecordInput{Customer: "GLOBEX CORP", Deal: "Q4", NDA: true, NeededBy: day},
	})
	want := []string{"name", "profile", "audience", "as_of", "needed_by", "nda"}
	if more.Created || more.Record.Revision != first.Record.Revision || !slices.Equal(more.Ignored, want) {
		t.Errorf("ignored %v, want %v", more.Ignored, want)
	}
	if other := upload(app.UploadInput{RecordInput: app.RecordInput{Customer: "Globex Corp", Deal: "Q1"}}); !other.Created {
		t.Error("another deal is another questionnaire")
	}
}
