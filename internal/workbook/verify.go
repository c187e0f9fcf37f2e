package workbook

import (
	"bytes"
	"slices"

	"caique/internal/caiq"
)

// Verify proves that out is f with the edits written and nothing else changed.
// It reads out anew: every zip entry that holds no edit must be the same bytes
// in the same place of the order, compressed bytes, header, times and comments
// included; inside edited sheets everything outside the edited cells must be
// the same; the edited cells must say what the edits say.
//
// The first difference is an error of kind Invalid and code verify_mismatch that
// names its place.
func (f *File) Verify(out []byte, edits []Edit, opt PatchOptions) error {
	if f.Kind == KindCSV {
		return f.verifyCSV(out, edits)
	}
	placed, err := f.place(edits)
	if err != nil {
		return err
	}
	zip, err := openArchive(out, f.limits)
	if err != nil {
		return err
	}
	changed := map[*entry]func(content []byte) error{}
	for sh, list := range placed {
		changed[sh.entry] = func(content []byte) error { return f.verifySheet(sh, content, list, opt) }
	}
	if opt.Recalculate {
		changed[f.book.part] = f.verifyCalc
	}
	return f.verifyParts(zip, changed)
}

func mismatch(format string, args ...any) error {
	return caiq.Errorf(caiq.Invalid, "verify_mismatch", format, args...)
}

// verifyParts compares the zip files entry by entry.
func (f *File) verifyParts(out *archive, changed map[*entry]func([]byte) error) error {
	in := f.book.zip
	if len(in.entries) != len(out.entries) {
		return mismatch("the file has %d parts, the original %d", len(out.entries), len(in.entries))
	}
	for i, e := range in.entries {
		o := out.entries[i]
		check := changed[e]
		if check == nil {
			if err := sameEntry(in, out, e, o); err != nil {
				return err
			}
			continue
		}
		if !bytes.Equal(e.headers(in), o.headers(out)) {
			return mismatch("part %s: its name, times or flags differ from the original", e.name)
		}
		content, err := out.inflate(o)
		if err != nil {
			return err
		}
		if err := check(content); err != nil {
			return err
		}
	}
	return sameTail(in, out)
}

// sameEntry wants two entries alike but for where they begin.
func sameEntry(in, out *archive, e, o *entry) error {
	if !bytes.Equal(in.data[e.start:e.end], out.data[o.start:o.end]) {
		return mismatch("part %s differs from the original", e.name)
	}
	x, y := slices.Clone(e.central), slices.Clone(o.central)
	e.centralAt.offset.set(x, 0)
	o.centralAt.offset.set(y, 0)
	if !bytes.Equal(x, y) {
		return mismatch("part %s: its line in the zip directory differs from the original", e.name)
	}
	return nil
}

// headers returns the entry's directory record and local header without the
// numbers that follow from its content and place.
func (e *entry) headers(a *archive) []byte {
	central, local := slices.Clone(e.central), slices.Clone(a.data[e.start:e.body])
	e.centralAt.put(central, 0, 0, 0)
	e.centralAt.offset.set(central, 0)
	e.local.put(local, 0, 0, 0)
	return append(append(central, local...), byte(e.descriptor))
}

// sameTail compares the end records but for the directory's size and place, and
// the order of the entries in the file.
func sameTail(in, out *archive) error {
	x, y := slices.Clone(in.tail), slices.Clone(out.tail)
	for _, tail := range [][]byte{x, y} {
		clear(tail[12:20])
	}
	if !bytes.Equal(x, y) {
		return mismatch("the end of the zip file differs from the original")
	}
	for i := 1; i < len(in.entries); i++ {
		if (in.entries[i-1].start < in.entries[i].start) != (out.entries[i-1].start < out.entries[i].start) {
			return mismatch("part %s has moved inside the zip file", in.entries[i].name)
		}
	}
	return nil
}

// verifyCalc compares workbook parts but for the request to recalculate.
func (f *File) verifyCalc(content []byte) error {
	name := f.book.part.name
	was, err := findCalc(name, f.book.xml, f.limits)
	if err != nil {
		return err
	}
	is, err := findCalc(name, content, f.limits)
	if err != nil {
		return err
	}
	if !is.full {
		return mismatch("part %s does not ask for recalculation", name)
	}
	added := is
	if was.found {
		if !new(tagPair).same(f.book.xml[was.start:was.end], content[is.start:is.end], "fullCalcOnLoad") {
			return mismatch("part %s: its calculation properties differ from the original", name)
		}
	} else if attrs := tagAttrs(content[is.start:is.end]); len(attrs.list) != 1 || content[is.end-2] != '/' {
		return mismatch("part %s: it has calculation properties that the original lacks", name)
	}
	if !bytes.Equal(f.book.xml[:was.start], content[:added.start]) || !bytes.Equal(f.book.xml[was.end:], content[added.end:]) {
		return mismatch("part %s differs from the original", name)
	}
	return nil
}

// tagPair compares start tags of the original and the result.
type tagPair struct{ was, is attributes }

// same compares two start tags attribute by attribute, in order, leaving out
// those of the names.
func (p *tagPair) same(was, is []byte, except ...string) bool {
	if n, m := nameLen(was[1:]), nameLen(is[1:]); !bytes.Equal(was[1:1+n], is[1:1+m]) {
		return false
	}
	p.was.read(was)
	p.is.read(is)
	p.was.without(except)
	p.is.without(except)
	return slices.EqualFunc(p.was.list, p.is.list, func(a, b attr) bool {
		return bytes.Equal(p.was.nameOf(a), p.is.nameOf(b)) && bytes.Equal(p.was.valueOf(a), p.is.valueOf(b))
	})
}
