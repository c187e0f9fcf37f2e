package caiq

import (
	"fmt"
	"time"
)

// Date is a calendar day without time or zone. The zero Date means "not set".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads the form 2026-09-30.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, Errorf(Invalid, "bad_date", "%q is not a date of the form 2026-09-30", s)
	}
	return DateOf(t), nil
}

// DateOf returns the day of t in UTC.
func DateOf(t time.Time) Date {
	y, m, d := t.UTC().Date()
	return Date{y, m, d}
}

// IsZero reports whether d is not set.
func (d Date) IsZero() bool { return d == Date{} }

func (d Date) time() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// Before reports whether d is an earlier day than o.
func (d Date) Before(o Date) bool { return d.time().Before(o.time()) }

// After reports whether d is a later day than o.
func (d Date) After(o Date) bool { return d.time().After(o.time()) }

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.time().AddDate(0, 0, n)) }

// AddMonths returns the same day n months later, or the last day of that month
// where it is shorter (31 August plus one month is 30 September).
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// String returns the form 2026-09-30, or "" when d is not set.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.time().Format(time.DateOnly)
}

// Long returns the form used in prose: 30 September 2026.
func (d Date) Long() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year)
}

// UnmarshalText reads the form 2026-09-30.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// MarshalText writes the form 2026-09-30.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }
