package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"caique/internal/caiq"
)

// micros is a time as it is stored: microseconds since 1970, 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// scanTime reads micros.
type scanTime time.Time

// Scan implements sql.Scanner.
func (t *scanTime) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("time is stored as %T", src)
	}
	*t = scanTime{}
	if n != 0 {
		*t = scanTime(time.UnixMicro(n).UTC())
	}
	return nil
}

// asText returns what a database text came as.
func asText(src any) (string, error) {
	switch v := src.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	default:
		return "", fmt.Errorf("text is stored as %T", src)
	}
}

// scanDate reads a day, YYYY-MM-DD or empty.
type scanDate caiq.Date

// Scan implements sql.Scanner.
func (d *scanDate) Scan(src any) error {
	s, err := asText(src)
	if err != nil || s == "" {
		*d = scanDate{}
		return err
	}
	date, err := caiq.ParseDate(s)
	*d = scanDate(date)
	return err
}

// orNull stores no id as NULL, as references need it.
func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// scanID reads orNull.
type scanID string

// Scan implements sql.Scanner.
func (id *scanID) Scan(src any) error {
	s, err := asText(src)
	*id = scanID(s)
	return err
}

// scanJSON reads a document into To; NULL leaves it as it is.
type scanJSON struct{ To any }

// Scan implements sql.Scanner.
func (j scanJSON) Scan(src any) error {
	s, err := asText(src)
	if err != nil || src == nil {
		return err
	}
	return json.Unmarshal([]byte(s), j.To)
}

// toJSON writes a document on one line, without escaping what only HTML would mind.
func toJSON(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("store %T: %w", v, err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// joinWords stores a list of words that hold no blanks.
func joinWords[T ~string](words []T) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(w))
	}
	return b.String()
}

// scanWords reads joinWords.
type scanWords[T ~string] struct{ To *[]T }

// Scan implements sql.Scanner.
func (w scanWords[T]) Scan(src any) error {
	s, err := asText(src)
	*w.To = nil
	for f := range strings.FieldsSeq(s) {
		*w.To = append(*w.To, T(f))
	}
	return err
}

// checkTexts refuses what one of the engines cannot keep: texts that are no
// UTF-8 or hold a NUL.
func checkTexts(args []any) error {
	for _, a := range args {
		if s, ok := a.(string); ok && (!utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0) {
			return invalid("bad_text", "a text holds characters that cannot be stored", nil)
		}
	}
	return nil
}

// where builds the conditions of a query whose filters are optional.
type where struct {
	parts []string
	args  []any
}

// arg adds an argument and returns its placeholder.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

// is adds "column op value".
func (w *where) is(column, op string, value any) {
	w.parts = append(w.parts, column+" "+op+" "+w.arg(value))
}

// in adds "column IN (values)"; no values means no condition.
func in[T any](w *where, column string, values []T, value func(T) any) {
	if len(values) == 0 {
		return
	}
	ps := make([]string, len(values))
	for i, v := range values {
		ps[i] = w.arg(value(v))
	}
	w.parts = append(w.parts, column+" IN ("+strings.Join(ps, ", ")+")")
}

func text[T ~string](v T) any { return string(v) }

// String returns the WHERE clause.
func (w *where) String() string { return " WHERE " + strings.Join(w.parts, " AND ") }

// limit returns the LIMIT clause; 0 is no limit.
func (w *where) limit(n int) string {
	if n <= 0 {
		return ""
	}
	return " LIMIT " + w.arg(n)
}

// maxArgs bounds the arguments of one statement: SQLite looks each $n up in a
// list of those before it, so that long statements cost by the square.
const maxArgs = 1000

// insertMany inserts rows of equal length in as few statements as fit, with a
// clause after the values ("" or ON CONFLICT …).
func insertMany(rows [][]any, into, after string, exec func(query string, args ...any) error) error {
	for len(rows) > 0 {
		n := min(len(rows), max(1, maxArgs/len(rows[0])))
		args := make([]any, 0, n*len(rows[0]))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if err := exec(into+" VALUES "+placeholders(n, len(rows[0]))+after, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// placeholders returns "($1, $2), ($3, $4)" for 2 rows of 2.
func placeholders(rows, columns int) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		for j := range columns {
			if j == 0 {
				b.WriteString("($")
			} else {
				b.WriteString(", $")
			}
			b.WriteString(strconv.Itoa(i*columns + j + 1))
		}
		b.WriteByte(')')
	}
	return b.String()
}
