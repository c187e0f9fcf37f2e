package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// progress shows how far a run is, on stderr: a bar that redraws itself on a
// terminal, one plain line a stage elsewhere.
type progress struct {
	w     io.Writer
	bar   bool
	stage string
	drawn int // per cent last drawn, so that a bar redraws at most 100 times
}

func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	return &progress{w: w, bar: ok && term.IsTerminal(int(f.Fd())), drawn: -1}
}

func (p *progress) step(stage string, done, total int) {
	if stage != p.stage {
		p.stage, p.drawn = stage, -1
		if !p.bar {
			fmt.Fprintf(p.w, "%s\n", stage)
		}
	}
	if !p.bar {
		return
	}
	percent := 0
	if total > 0 {
		percent = 100 * done / total
	}
	if percent == p.drawn {
		return
	}
	p.drawn = percent
	const width = 30
	full := width * percent / 100
	fmt.Fprintf(p.w, "\r\x1b[K%-8s [%s%s] %3d %%", stage, strings.Repeat("#", full), strings.Repeat(".", width-full), percent)
}

func (p *progress) end() {
	if p.bar && p.stage != "" {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
