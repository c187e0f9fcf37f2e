package workbook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"caique/internal/caiq"
)

// Kind says what sort of file was opened.
type Kind string

// The kinds of files that Open accepts.
const (
	KindXLSX Kind = "xlsx"
	KindCSV  Kind = "csv" // any delimiter
)

// File is an uploaded file that passed the check and is ready to be read. It
// does not change and may be used by several goroutines.
type File struct {
	Name     string        // base name, for messages
	SHA256   string        // of the bytes, lower-case hex
	Kind     Kind          //
	Warnings caiq.Problems // what was let pass and should be known: external links, signatures

	data   []byte
	limits Limits
	book   *book    // of a workbook
	csv    *csvFile // of a CSV file
}

// SheetPart is one sheet of a workbook, in the order of its tabs.
type SheetPart struct {
	Name        string
	Part        string // zip entry: "xl/worksheets/sheet1.xml"
	Hidden      bool   // hidden or very hidden
	VeryHidden  bool   // shown by a macro only
	Worksheet   bool   // false for chart and dialog sheets, which hold no cells
	FilledRows  int    // rows that hold a filled cell
	FilledCells int    // cells with a value or formula
}

// Sheets returns the sheets in the order of their tabs; none for CSV files.
func (f *File) Sheets() []SheetPart {
	if f.book == nil {
		return nil
	}
	parts := make([]SheetPart, len(f.book.sheets))
	for i, sh := range f.book.sheets {
		parts[i] = sh.SheetPart
	}
	return parts
}

// Open checks the bytes of an uploaded file and returns it ready to be read.
// What the file is shows in its content; the name is for messages alone. The
// bytes must not change as long as the File is in use.
//
// Refusals are caiq.Errors of kinds Invalid, TooLarge and Unsupported with a
// stable code: empty_file, too_large, not_xlsx, ole_container, encrypted,
// bad_compression, corrupt_zip, corrupt_part, too_large_unzipped,
// too_many_entries, bad_entry_name, duplicate_entry, active_content, doctype,
// bad_encoding, malformed_xml, xml_depth, xml_attributes, xml_token, too_many_elements,
// too_many_relationships, too_many_sheets, too_many_names, too_many_strings,
// too_many_styles, bad_number_format, too_many_rows, too_many_cells,
// too_many_merges, too_many_validations, too_much_text, cell_too_long,
// bad_cell_reference.
func Open(name string, data []byte, lim Limits) (*File, error) {
	name = baseName(name)
	if len(data) == 0 {
		return nil, caiq.Errorf(caiq.Invalid, "empty_file", "%s is empty", name).
			WithHint("get the file again: the transfer may have failed")
	}
	if int64(len(data)) > lim.File {
		return nil, tooLarge("too_large", "%s is larger than %d MiB", name, lim.File>>20)
	}
	if bytes.HasPrefix(data, []byte(oleSignature)) {
		return nil, caiq.Errorf(caiq.Unsupported, "ole_container", "%s is an old .xls file, or an .xlsx file with a password", name).
			WithHint("save it as .xlsx without a password")
	}
	if bytes.HasPrefix(data, []byte(localSignature)) {
		f := newFile(name, KindXLSX, data, lim)
		if err := f.openBook(); err != nil {
			return nil, clipped(err)
		}
		return f, nil
	}
	if what := notTable(data); what != "" {
		return nil, caiq.Errorf(caiq.Unsupported, "not_xlsx", "%s is %s, neither an .xlsx workbook nor a CSV file", name, what).
			WithHint("save the questionnaire as .xlsx or .csv")
	}
	return openCSV(name, data, lim)
}

// clipped shortens the message of an error: it may quote a name or value of
// megabytes.
func clipped(err error) error {
	const most = 400
	if e, ok := errors.AsType[*caiq.Error](err); ok && len(e.Msg) > most {
		e.Msg = strings.ToValidUTF8(e.Msg[:most], "") + "…"
	}
	return err
}

const oleSignature = "\xD0\xCF\x11\xE0"

func newFile(name string, kind Kind, data []byte, lim Limits) *File {
	sum := sha256.Sum256(data)
	return &File{Name: name, SHA256: hex.EncodeToString(sum[:]), Kind: kind, data: data, limits: lim}
}

// baseName returns the last part of a path of any system.
func baseName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	if name == "" {
		return "the file"
	}
	return name
}

// notTable says what the bytes are when they cannot be text in rows, "" when
// they can.
func notTable(data []byte) string {
	head := bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xEF\xBB\xBF"))
	head = bytes.ToLower(bytes.TrimLeft(head, " \t\r\n"))
	switch {
	case bytes.HasPrefix(head, []byte("%pdf")):
		return "a PDF document"
	case bytes.HasPrefix(head, []byte("{\\rtf")):
		return "a text document"
	case bytes.HasPrefix(head, []byte("<!doctype")), bytes.HasPrefix(head, []byte("<html")):
		return "a web page"
	case bytes.HasPrefix(head, []byte("<?xml")), bytes.HasPrefix(head, []byte("<!--")):
		return "an XML document"
	case bytes.HasPrefix(head, []byte("pk")) && bytes.IndexByte(data, 0) >= 0:
		return "a damaged or empty archive"
	case !utf16Text(data) && bytes.IndexByte(data, 0) >= 0:
		return "a binary file"
	default:
		return ""
	}
}
