package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"sync"

	"caique/internal/caiq"
)

// checkpointLine is a line of the file of checkpoints, also a line of exported
// trails.
type checkpointLine struct {
	Checkpoint string `json:"checkpoint"`
}

// checkpointSink appends checkpoints to a file outside the database, each on
// disk before it returns.
type checkpointSink struct {
	mu   sync.Mutex
	path string
}

func (s *checkpointSink) put(c caiq.Checkpoint) error {
	line, err := json.Marshal(checkpointLine{c.Note})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// maxCheckpoints bounds the file that is read: some hundred thousand notes.
const maxCheckpoints = 64 << 20

// readCheckpoints returns the signed notes of a file; none where it is missing
// and optional. A line that is none counts as a note that nobody signed.
func readCheckpoints(path string, optional bool) ([]string, error) {
	if _, err := os.Stat(path); optional && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	data, err := readFile(path, maxCheckpoints)
	if err != nil {
		return nil, err
	}
	var notes []string
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l checkpointLine
		if json.Unmarshal(lines.Bytes(), &l) != nil {
			l.Checkpoint = lines.Text()
		}
		notes = append(notes, l.Checkpoint)
	}
	return notes, lines.Err()
}
