package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"caique/internal/app"
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
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	torn, err := isTorn(f)
	if torn { // by a power loss: reading passes it over, and this one begins its own line
		line = append([]byte{'\n'}, line...)
	}
	if err == nil {
		_, err = f.Write(append(line, '\n'))
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// isTorn reports whether the last line of a file does not end.
func isTorn(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], info.Size()-1)
	return last[0] != '\n', err
}

// maxCheckpoints bounds the file that is read: some hundred thousand notes.
const maxCheckpoints = 64 << 20

// readCheckpoints returns the signed notes of a file: one in JSON on each line, as
// the service keeps them, or as they are, as the API gives the one of an export.
// Lines that are neither come back as problems.
func readCheckpoints(path string) (notes []app.KeptCheckpoint, unread caiq.Problems, err error) {
	data, err := readFile(path, maxCheckpoints)
	if err != nil {
		return nil, nil, err
	}
	lines := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	going := false // what cannot be read is named once, where it begins
	for i := 0; i < len(lines); {
		n, note := noteAt(lines[i:])
		place := fmt.Sprintf("%s:%d", path, i+1)
		bad := note == "" && strings.TrimSpace(lines[i]) != ""
		switch {
		case note != "":
			notes = append(notes, app.KeptCheckpoint{Note: note, Place: place})
		case bad && !going:
			unread = append(unread, caiq.Problem{
				Code: "checkpoint_unreadable", Field: place,
				Message: "this is no checkpoint, or one that was not written to its end: it is passed over",
			})
		}
		i, going = i+n, bad
	}
	return notes, unread, nil
}

// noteAt reads the note that begins with the first of some lines, and says how
// many it takes.
func noteAt(lines []string) (n int, note string) {
	var l checkpointLine
	if json.Unmarshal([]byte(lines[0]), &l) == nil {
		return 1, l.Checkpoint
	}
	if lines[0] != app.CheckpointOrigin {
		return 1, ""
	}
	for n < len(lines) && lines[n] != "" { // the text, then a blank line and signatures
		n++
	}
	text := n + 1
	for n = text; n < len(lines) && strings.HasPrefix(lines[n], "— "); n++ {
	}
	if n == text {
		return 1, ""
	}
	return n, strings.Join(lines[:n], "\n") + "\n"
}
