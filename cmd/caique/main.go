// Command caique answers cloud security questionnaires.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"caique/internal/caiq"
)

// Exit codes, as caique --help lists them.
const (
	exitDone     = 0
	exitNegative = 1 // ran, with a negative result
	exitUsage    = 2
	exitInput    = 3 // bad input
	exitWrite    = 4 // cannot write
	// exitStopped is what shells make of Ctrl-C (128 and the signal's number); a
	// request to terminate ends in the same way.
	exitStopped = 130
)

func main() {
	now := time.Now //nolint:forbidigo // the one clock of the program
	os.Exit(runUntilSignal(now))
}

// runUntilSignal runs the command of the process. A first signal asks it to stop, a
// second ends it at once.
func runUntilSignal(now func() time.Time) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr, now: now})
}

// terminal is what a command talks to: streams and clock are handed in, so that
// tests run commands in process.
type terminal struct {
	in  io.Reader
	out io.Writer
	err io.Writer
	now func() time.Time

	// Set by run: out and err escape what a terminal would act on; data does not,
	// for files that go to stdout, nor does bar, for the progress bar.
	data, bar io.Writer
}

func run(ctx context.Context, args []string, t terminal) int {
	out := &resultWriter{w: t.out}
	shown, told := &visibleWriter{w: out}, &visibleWriter{w: t.err}
	defer shown.flush()
	defer told.flush()
	t.data, t.bar = out, t.err
	t.out, t.err = shown, told
	root := newRoot(t) //nolint:contextcheck // commands have the context from cobra
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if out.err != nil && (err == nil || errors.Is(err, errNegative)) {
		err = writeError{unwritable("the result", out.err)}
	}
	if err == nil {
		return exitDone
	}
	code := report(t.err, err)
	if !errors.Is(err, errNegative) && wantsJSON(cmd) && !out.used {
		_ = writeJSON(t.out, errorJSON(err, code)) // the exit code says it too
	}
	return code
}

// resultWriter remembers that a result could not be written, so that printing
// needs no check at every line.
type resultWriter struct {
	w    io.Writer
	err  error
	used bool // something was printed
}

func (r *resultWriter) Write(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	r.used = true
	n, err := r.w.Write(p)
	r.err = err
	return n, err
}

// errNegative ends a command that did its work and found something wrong; what
// it found is printed already.
var errNegative = errors.New("negative result")

// writeError is a result that could not be put where it was to go.
type writeError struct{ err error }

func (e writeError) Error() string { return e.err.Error() }
func (e writeError) Unwrap() error { return e.err }

// usageError is a command line that makes no sense.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// stopped is what a command says that a signal ended before it was done.
const stopped = "stopped before it was done; no file is half-written"

// report prints one readable line and a hint, and returns the exit code.
func report(w io.Writer, err error) int {
	if errors.Is(err, errNegative) {
		return exitNegative
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(w, "caique: "+stopped)
		return exitStopped
	}
	fmt.Fprintf(w, "caique: %s\n", err)
	if e, ok := errors.AsType[*caiq.Error](err); ok {
		if e.Hint != "" {
			fmt.Fprintf(w, "  hint: %s\n", e.Hint)
		}
		if e.Code != "" {
			fmt.Fprintf(w, "  code: %s\n", e.Code)
		}
	}
	if _, ok := errors.AsType[usageError](err); ok {
		fmt.Fprintln(w, "  hint: caique --help lists the commands, caique COMMAND --help their flags")
		return exitUsage
	}
	if _, ok := errors.AsType[writeError](err); ok {
		return exitWrite
	}
	return exitInput
}
