package caiq

import "testing"

func date(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDate_AddMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-09-30", 12, "2027-09-30"},
		{"2026-08-31", 1, "2026-09-30"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2026-01-31", 1, "2026-02-28"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-03-31", -1, "2026-02-28"},
	} {
		if got := date(t, c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s plus %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestDate_forms(t *testing.T) {
	t.Parallel()
	d := date(t, "2026-10-01")
	if d.Long() != "1 October 2026" || d.String() != "2026-10-01" {
		t.Errorf("forms are %q and %q", d.Long(), d.String())
	}
	if !d.Before(d.AddDays(1)) || d.Before(d) || !d.After(d.AddDays(-1)) {
		t.Error("order of days is wrong")
	}
	for _, bad := range []string{"2026-13-01", "2026-02-30", "1.10.2026", "", "2026-1-1"} {
		if _, err := ParseDate(bad); KindOf(err) != Invalid {
			t.Errorf("ParseDate(%q) gives %v, want an Invalid error", bad, err)
		}
	}
}
