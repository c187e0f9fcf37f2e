package store

import (
	"encoding/json"
	"strings"
	"sync"

	"caique/internal/caiq"
)

// memoBytes bounds the texts of the questions that are remembered.
const memoBytes = 8 << 20

// questionMemo remembers questions by the JSON that they are stored as. Lists read
// the same ones again and again, and to decode them takes longer than to fetch them;
// one that was changed in the database is another text. What is remembered is shared:
// nobody changes what a question's lists hold.
type questionMemo struct {
	mu    sync.RWMutex
	known map[string]caiq.Question
	bytes int
}

// read decodes a question, or recalls it.
func (m *questionMemo) read(text string) (caiq.Question, error) {
	m.mu.RLock()
	q, ok := m.known[text]
	m.mu.RUnlock()
	if ok {
		return q, nil
	}
	if err := json.Unmarshal([]byte(text), &q); err != nil {
		return q, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || m.bytes+len(text) > memoBytes {
		m.known, m.bytes = make(map[string]caiq.Question), 0
	}
	m.known[strings.Clone(text)] = q
	m.bytes += len(text)
	return q, nil
}

// scanQuestion reads a question by way of the memo.
type scanQuestion struct {
	memo *questionMemo
	to   *caiq.Question
}

// Scan implements sql.Scanner.
func (s scanQuestion) Scan(src any) error {
	text, err := asText(src)
	if err != nil {
		return err
	}
	*s.to, err = s.memo.read(text)
	return err
}
