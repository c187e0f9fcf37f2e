package app

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"

	"caique/internal/caiq"
	"caique/internal/workbook"
)

// Manifest is the record beside an exported file: what went in, what came out,
// and the hash of each answer. It holds no clock and no folder names, so the
// same input gives the same bytes.
type Manifest struct {
	Schema      int               `json:"schema"` // 1
	Tool        string            `json:"tool"`   // "caique 0.1.0"
	Input       FileHash          `json:"input"`
	Output      FileHash          `json:"output"`
	Format      caiq.FormatID     `json:"format"`
	Patch       string            `json:"patch,omitempty"` // "v4.0.3", as the file says
	Profile     string            `json:"profile"`
	PreparedBy  string            `json:"prepared_by"` // "self" or "assessor"
	Notice      string            `json:"notice,omitempty"`
	Drafts      bool              `json:"drafts"` // true: nobody approved these answers
	AsOf        caiq.Date         `json:"as_of"`
	Audience    caiq.Release      `json:"audience"`
	Overwrite   bool              `json:"overwrite"`
	KnownOnly   bool              `json:"known_only"`
	FitRows     bool              `json:"fit_rows"`
	Recalculate bool              `json:"recalculate"`
	ClippedRows int               `json:"clipped_rows,omitempty"` // fitted rows that would have to be higher than a row can be
	Packs       map[string]string `json:"packs"`                  // SHA-256 of each data file used, by path
	Counts      map[Outcome]int   `json:"counts"`
	Cells       []ManifestCell    `json:"cells"`
	// Review is who approved what; absent from what caique answer writes.
	Review *ManifestReview `json:"review,omitempty"`
	// Seal is the SHA-256 of the manifest encoded without it. It is no signature:
	// it shows that a field was edited, not who wrote the manifest.
	Seal string `json:"manifest_sha256,omitempty"`
	// Altered is set by DecodeManifest when the manifest is not what its seal says.
	Altered bool `json:"-"`
}

// FileHash names a file by base name and SHA-256.
type FileHash struct {
	Name   string `json:"name,omitempty"`
	SHA256 string `json:"sha256"`
}

// ManifestCell is one cell that was written.
type ManifestCell struct {
	Sheet      string    `json:"sheet"`
	Cell       string    `json:"cell"`
	Question   caiq.Ref  `json:"question"`
	Kind       string    `json:"kind"` // "text", "boolean" or "clear"
	TextSHA256 string    `json:"text_sha256"`
	Band       caiq.Band `json:"band"`
}

func manifestCell(file *workbook.File, row Row, e workbook.Edit) ManifestCell {
	return ManifestCell{
		Sheet:      e.Sheet,
		Cell:       e.Cell,
		Question:   row.Question.Key,
		Kind:       e.Kind.String(),
		TextSHA256: hexSHA256([]byte(file.Written(e))),
		Band:       row.Proposal.Band,
	}
}

func (d *Draft) manifest(in Input, cells []ManifestCell) Manifest {
	m := Manifest{
		Schema:      1,
		Tool:        "caique " + Version,
		Input:       FileHash{filepath.Base(in.Name), d.Questionnaire.SHA256},
		Output:      FileHash{SHA256: hexSHA256(d.Output)},
		Format:      d.Questionnaire.Format,
		Patch:       d.Questionnaire.Patch,
		Profile:     d.Profile.ID,
		PreparedBy:  "self",
		Drafts:      true,
		AsOf:        in.AsOf,
		Audience:    in.Audience,
		Overwrite:   in.Overwrite,
		KnownOnly:   in.KnownOnly,
		FitRows:     in.FitRows,
		Recalculate: in.Recalculate,
		ClippedRows: len(d.Clipped),
		Packs:       d.Knowledge.Hashes,
		Counts:      map[Outcome]int{Filled: 0, Partly: 0, Kept: 0, Blank: 0},
		Cells:       cells,
	}
	if d.Profile.Assessed() {
		m.PreparedBy, m.Notice = "assessor", d.Profile.AssessorNotice()
	}
	for _, row := range d.Rows {
		m.Counts[row.Outcome]++
	}
	return m
}

// Encode returns the manifest as canonical JSON: fields in declaration order,
// map keys sorted, two blanks of indent, a final line feed; sealed.
func (m Manifest) Encode() ([]byte, error) {
	seal, err := m.seal()
	if err != nil {
		return nil, err
	}
	m.Seal = seal
	return m.encode()
}

// seal returns the SHA-256 of the manifest without its seal.
func (m Manifest) seal() (string, error) {
	m.Seal = ""
	data, err := m.encode()
	return hexSHA256(data), err
}

func (m Manifest) encode() ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// DecodeManifest reads a manifest, refusing unknown fields and other schemas.
func DecodeManifest(name string, data []byte) (Manifest, error) {
	var m Manifest
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return m, (&caiq.Error{Kind: caiq.Invalid, Code: "bad_manifest", Msg: name + " is not a manifest of this tool", Err: err}).
			WithHint("give the file that caique answer --manifest wrote")
	}
	if m.Schema != 1 {
		return m, caiq.Errorf(caiq.Invalid, "bad_manifest", "%s has manifest schema %d, this version reads 1", name, m.Schema)
	}
	seal, err := m.seal()
	m.Altered = seal != m.Seal
	return m, err
}

// VerifyOutput compares an exported file with its manifest and, where given,
// with the file that was uploaded: the manifest's own hash, the file's, each answer, and that nothing but
// the answers changed. Differences come back as problems; err is for files that
// cannot be read at all.
func VerifyOutput(name string, out []byte, m Manifest, original []byte) (caiq.Problems, error) {
	var problems caiq.Problems
	if m.Altered {
		problems = append(problems, caiq.Problem{
			Code:    "manifest_altered",
			Message: "the manifest was edited after it was written: it is not what its manifest_sha256 says, so none of its fields can be relied on",
		})
	}
	if got := hexSHA256(out); got != m.Output.SHA256 {
		problems = append(problems, caiq.Problem{
			File: name, Code: "output_hash",
			Message: "the file is not the one that the manifest describes: SHA-256 " + got + ", manifest says " + m.Output.SHA256,
		})
	}
	switch m.format() {
	case caiq.ExportXLSX:
	case caiq.ExportMapping:
		return slices.Concat(problems, inputProblem(m, original)), nil
	default:
		return slices.Concat(problems, verifyTable(name, out, m), inputProblem(m, original)), nil
	}
	file, err := workbook.Open(name, out, workbook.DefaultLimits())
	if err != nil {
		return nil, err
	}
	edits, differing, err := compareCells(file, m.Cells)
	if err != nil {
		return nil, err
	}
	problems = append(problems, differing...)
	if original == nil || edits == nil {
		return problems, nil
	}
	if other := inputProblem(m, original); other != nil {
		return append(problems, other...), nil // there is nothing to be learnt from it
	}
	more, err := compareOriginal(out, m, original, edits)
	return append(problems, more...), err
}

// compareCells re-reads each answer and rebuilds the edits from what is there.
func compareCells(file *workbook.File, cells []ManifestCell) ([]workbook.Edit, caiq.Problems, error) {
	var problems caiq.Problems
	edits := make([]workbook.Edit, 0, len(cells))
	wanted := make([]workbook.CellRef, len(cells))
	for i, c := range cells {
		wanted[i] = workbook.CellRef{Sheet: c.Sheet, Cell: c.Cell}
	}
	values, err := file.Values(wanted)
	if caiq.CodeOf(err) == "unknown_sheet" {
		return nil, caiq.Problems{{Code: "unknown_sheet", Message: err.Error() + ": the manifest is of another file"}}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for i, c := range cells {
		e, err := workbook.EditOf(wanted[i], c.Kind, values[i])
		if err != nil {
			return nil, nil, err
		}
		edits = append(edits, e)
		if hexSHA256([]byte(values[i])) != c.TextSHA256 {
			problems = append(problems, caiq.Problem{
				Sheet: c.Sheet, Cell: c.Cell, Code: "answer_changed",
				Message: "the answer to " + string(c.Question) + " is not the text that was exported",
			})
		}
	}
	return edits, problems, nil
}

// inputProblem compares an original, if there is one, with the manifest.
func inputProblem(m Manifest, original []byte) caiq.Problems {
	got := hexSHA256(original)
	if original == nil || got == m.Input.SHA256 {
		return nil
	}
	return caiq.Problems{{
		Code:    "input_hash",
		Message: "the original given is not the file that was answered, which the manifest calls " + m.Input.Name + ", so nothing was compared with it: SHA-256 " + got + ", manifest says " + m.Input.SHA256,
	}}
}

// compareOriginal lists what differs from the original besides the answers.
func compareOriginal(out []byte, m Manifest, original []byte, edits []workbook.Edit) (caiq.Problems, error) {
	file, err := workbook.Open(m.Input.Name, original, workbook.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return file.Differences(out, edits, workbook.PatchOptions{FitRows: m.FitRows, Recalculate: m.Recalculate})
}
