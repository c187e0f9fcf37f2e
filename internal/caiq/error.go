package caiq

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind sorts errors by what the caller can do about them. The zero Kind is
// Internal: a fault of ours, whose text is for the log alone.
type Kind uint8

// The kinds. A transport maps each to one status or exit code.
const (
	Internal        Kind = iota
	Invalid              // the input is wrong; Msg says how to mend it
	NotFound             // the thing named does not exist, or not for this caller
	Conflict             // the thing changed since it was read, or exists already
	Unauthenticated      // nobody is signed in
	Forbidden            // signed in, but not allowed
	TooLarge             // over a limit that Msg names
	Unsupported          // a kind of file or feature that is refused on purpose
	Unavailable          // try again later, or free some space
	Throttled            // too many tries; Msg says when to come back
)

// Error is the one error type that crosses package borders. Msg and Hint are
// written for people and never quote internal text; Err is for the log.
type Error struct {
	Kind Kind
	Code string // stable, snake_case, for machines: "doctype", "too_large_unzipped"
	Msg  string // what is wrong, naming file, sheet, cell, line or field
	Hint string // what to do about it
	// Field is the place of what is wrong in the input, as Problem has it; "" where
	// it is no single field.
	Field string
	Err   error // the cause, if any
	// RetryAfter is in how long it may work: of Throttled and Unavailable; 0 where
	// it is not known.
	RetryAfter time.Duration
}

// Error returns the message and its cause.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Msg + ": " + e.Err.Error()
	}
	return e.Msg
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an Error of the kind with a stable code and a message for people.
func Errorf(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Msg: fmt.Sprintf(format, args...)}
}

// WithHint adds what to do about the error and returns it.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// At names the field of the input that is wrong and returns the error.
func (e *Error) At(field string) *Error {
	e.Field = field
	return e
}

// KindOf returns the kind of the first Error in the chain, else Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the stable code of the first Error in the chain, else "".
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// Problem is one thing wrong with user data, with its place. Bad data is
// reported as the list of all its problems, never the first alone.
type Problem struct {
	File    string `json:"file,omitempty"`  // base name or path inside a data folder
	Line    int    `json:"line,omitempty"`  // 1-based; 0 when unknown
	Sheet   string `json:"sheet,omitempty"` // name of the worksheet
	Cell    string `json:"cell,omitempty"`  // "C12"
	Field   string `json:"field,omitempty"` // "controls[3].addresses[0]"
	Code    string `json:"code"`            // stable, snake_case
	Message string `json:"message"`
	Warning bool   `json:"warning,omitempty"` // advice: does not fail lint
}

// String renders "file:line: field: message" or "sheet!cell: message".
func (p Problem) String() string {
	var place []string
	switch {
	case p.File != "" && p.Line > 0:
		place = append(place, fmt.Sprintf("%s:%d", p.File, p.Line))
	case p.File != "":
		place = append(place, p.File)
	}
	switch {
	case p.Sheet != "" && p.Cell != "":
		place = append(place, p.Sheet+"!"+p.Cell)
	case p.Sheet != "":
		place = append(place, p.Sheet)
	case p.Cell != "":
		place = append(place, p.Cell)
	}
	if p.Field != "" {
		place = append(place, p.Field)
	}
	return strings.Join(append(place, p.Message), ": ")
}

// Problems is a list of problems that can travel as an error.
type Problems []Problem

// Error joins all problems, one per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Errors returns the problems that are not mere warnings.
func (ps Problems) Errors() Problems {
	var out Problems
	for _, p := range ps {
		if !p.Warning {
			out = append(out, p)
		}
	}
	return out
}
