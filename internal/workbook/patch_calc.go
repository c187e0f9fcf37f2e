package workbook

// recalculate returns the workbook part with fullCalcOnLoad set.
func recalculate(part string, src []byte, lim Limits) ([]byte, error) {
	at, err := findCalc(part, src, lim)
	if err != nil {
		return nil, err
	}
	const set = ` fullCalcOnLoad="1"`
	out := make([]byte, 0, len(src)+40)
	out = append(out, src[:at.start]...)
	switch {
	case at.full:
		return src, nil
	case at.found:
		empty := src[at.end-2] == '/'
		out = new(attributes).rewrite(out, src[at.start:at.end], []string{"fullCalcOnLoad"}, set, empty)
	default:
		out = append(out, "<"+at.prefix+"calcPr"+set+"/>"...)
	}
	return append(out, src[at.end:]...), nil
}

// calcPlace is where the calculation properties stand, or would stand.
type calcPlace struct {
	found      bool
	full       bool // fullCalcOnLoad is set already
	start, end int  // of the start tag; of no length when not found
	prefix     string
}

// findCalc finds the calcPr element of a workbook part, or its place in the
// order of the schema (ECMA-376 Part 1, 18.2.27): before the first element that
// comes after it.
func findCalc(part string, src []byte, lim Limits) (calcPlace, error) {
	lx, err := newLexer(part, src, lim)
	if err != nil {
		return calcPlace{}, err
	}
	if _, err := lx.child(0); err != nil {
		return calcPlace{}, err
	}
	at := calcPlace{start: -1, prefix: string(lx.name[:len(lx.name)-len(lx.local)])}
	for {
		ok, err := lx.child(1)
		switch {
		case err != nil:
			return at, err
		case !ok && at.start >= 0:
			return at, nil
		case !ok:
			at.start, at.end = lx.start, lx.start
			return at, nil
		case lx.is(nsMain, "calcPr"):
			full, _ := lx.attr("fullCalcOnLoad")
			at.found, at.full, at.start, at.end = true, isTrue(full), lx.start, lx.pos
			return at, nil
		case at.start < 0 && lx.ns == nsMain && afterCalc(string(lx.local)):
			at.start, at.end = lx.start, lx.start
		}
		if err := lx.skip(); err != nil {
			return at, err
		}
	}
}

func afterCalc(local string) bool {
	switch local {
	case "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
		"fileRecoveryPr", "webPublishObjects", "extLst":
		return true
	default:
		return false
	}
}
