package web

import (
	"context"
	"path"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"caique/internal/app"
	"caique/internal/caiq"
)

// exportView is a file that left, without the file.
type exportView struct {
	ID            string            `json:"id"`
	Questionnaire string            `json:"questionnaire"`
	Format        caiq.ExportFormat `json:"format"`
	Audience      caiq.Release      `json:"audience"`
	Drafts        bool              `json:"drafts" doc:"It holds answers that nobody approved"`
	AsOf          string            `json:"as_of" format:"date"`
	Seq           int64             `json:"seq" doc:"The event of the trail after which it shows the answers"`
	FileName      string            `json:"file_name"`
	FileSHA256    string            `json:"file_sha256"`
	Created       time.Time         `json:"created"`
	CreatedBy     string            `json:"created_by"`
}

func viewExport(e *caiq.Export) exportView {
	return exportView{
		e.ID, e.RecordID, e.Format, e.Audience, e.Drafts, e.AsOf.String(), e.Seq, e.FileName, e.BlobSHA256, e.Created, e.CreatedBy,
	}
}

// exportBody says what leaves.
type exportBody struct {
	Format      caiq.ExportFormat `json:"format" enum:"xlsx,csv,json,mapping" doc:"mapping: a workbook of the controls and the evidence behind the answers, for the audiences nda and internal"`
	Audience    caiq.Release      `json:"audience" enum:"public,nda,internal" doc:"Who will read it; nothing is assumed"`
	Include     string            `json:"include,omitempty" enum:"approved,drafts" doc:"drafts: unapproved answers go along, and file name and manifest say so"`
	Keep        bool              `json:"keep_existing,omitempty" doc:"What the uploaded file holds stays where no answer of ours goes out, though nobody approved it here; the manifest names it. Without this such an xlsx export is refused (kept_answers)"`
	FitRows     bool              `json:"fit_rows,omitempty" doc:"Raise rows to fit their answers"`
	Recalculate bool              `json:"recalculate,omitempty" doc:"Ask the spreadsheet program to calculate formulas anew"`
}

func (b exportBody) input(key string) app.ExportInput {
	return app.ExportInput{
		Format: b.Format, Audience: b.Audience, Drafts: b.Include == "drafts", KeepExisting: b.Keep, FitRows: b.FitRows, Recalculate: b.Recalculate, IdempotencyKey: key,
	}
}

type createExportInput struct {
	InRecord
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same request exports once; repetitions, for a week, get the first export and Idempotent-Replayed: true"`
	Body exportBody
}

type createExportOutput struct {
	Location string `header:"Location"`
	Replayed string `header:"Idempotent-Replayed" doc:"true: the key made this export before"`
	Body     exportView
}

func (s *Server) createExport(ctx context.Context, p caiq.Principal, in *createExportInput) (*createExportOutput, error) {
	leave, err := s.exports.join()
	if err != nil {
		return nil, err
	}
	defer leave()
	done, err := s.exports.pass(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	e, err := s.service.Export(ctx, p, in.Record, in.Body.input(in.Key))
	if err != nil {
		return nil, err
	}
	return &createExportOutput{workspacePath(p) + "/exports/" + e.ID, replayed(e.Replayed), viewExport(&e.Export)}, nil
}

func workspacePath(p caiq.Principal) string { return "/api/v1/workspaces/" + p.Workspace.ID }

type checkExportInput struct {
	InRecord
	Body exportBody
}

type checkExportBody struct {
	Problems caiq.Problems `json:"problems" nullable:"false" doc:"Any of them keeps the export from being made"`
	Warnings caiq.Problems `json:"warnings" nullable:"false" doc:"What to look at before it is sent: answers that contradict the uploaded file (contradicts_file), that find no cell in it (no_cell), whose text does not (text_unplaced)"`
	Kept     []keptView    `json:"kept" nullable:"false" doc:"Where the uploaded file's own texts stay, see keep_existing"`
	Approved int           `json:"approved" doc:"Answers that go out approved"`
	Drafts   int           `json:"drafts" doc:"Answers that go out unapproved"`
	LeftOut  int           `json:"left_out" doc:"Questions that stay without an answer of ours"`
}

type keptView struct {
	N        int      `json:"n"`
	Question caiq.Ref `json:"question"`
	Sheet    string   `json:"sheet"`
	Cells    []string `json:"cells" nullable:"false"`
}

func (s *Server) checkExport(ctx context.Context, p caiq.Principal, in *checkExportInput) (*body[checkExportBody], error) {
	c, err := s.service.CheckExport(ctx, p, in.Record, in.Body.input(""))
	if err != nil {
		return nil, err
	}
	out := checkExportBody{
		Problems: append(caiq.Problems{}, c.Problems...), Warnings: append(caiq.Problems{}, c.Warnings...), Kept: make([]keptView, len(c.Kept)),
		Approved: c.Approved, Drafts: c.Drafts, LeftOut: c.LeftOut,
	}
	for i, k := range c.Kept {
		out.Kept[i] = keptView{k.N, k.Question, k.Sheet, k.Cells}
	}
	return bodyOf(out), nil
}

func (s *Server) listExports(ctx context.Context, p caiq.Principal, in *InRecord) (*body[list[exportView]], error) {
	es, err := s.service.Exports(ctx, p, in.Record)
	if err != nil {
		return nil, err
	}
	return all(es, viewExport), nil
}

type exportInput struct {
	InWorkspace
	Export string `path:"export" maxLength:"64"`
}

func (s *Server) getExport(ctx context.Context, p caiq.Principal, in *exportInput) (*body[exportView], error) {
	e, _, err := s.service.ExportMade(ctx, p, in.Export)
	if err != nil {
		return nil, err
	}
	return bodyOf(viewExport(&e)), nil
}

// exportPart answers with one of the files of an export.
func (s *Server) exportPart(part func(caiq.Export, []byte) (name, mediaType string, data []byte)) func(*gin.Context, caiq.Principal) error {
	return func(c *gin.Context, p caiq.Principal) error {
		e, file, err := s.service.ExportMade(c.Request.Context(), p, c.Param("export"))
		if err != nil {
			return err
		}
		name, kind, data := part(e, file)
		if len(data) == 0 {
			return caiq.Errorf(caiq.NotFound, "not_found", "the export has no such file")
		}
		return send(c, name, kind, data)
	}
}

func exportFile(e caiq.Export, file []byte) (name, kind string, data []byte) {
	return e.FileName, mediaType(e.FileName), file
}

func exportManifest(e caiq.Export, _ []byte) (name, kind string, data []byte) {
	return beside(e, "manifest.json"), typeJSON, e.Manifest
}

func exportEvidence(e caiq.Export, _ []byte) (name, kind string, data []byte) {
	return beside(e, "evidence.json"), typeJSON, e.Evidence
}

func exportCheckpoint(e caiq.Export, _ []byte) (name, kind string, data []byte) {
	return beside(e, "checkpoint.txt"), typeText, []byte(e.Checkpoint)
}

// beside names a paper after the file that it belongs to.
func beside(e caiq.Export, what string) string {
	return strings.TrimSuffix(e.FileName, path.Ext(e.FileName)) + "." + what
}

func describeExport(_ *Server, op *huma.Operation) { describeDownload(op, typeXLSX, typeCSV, typeJSON) }
func describeJSON(_ *Server, op *huma.Operation)   { describeDownload(op, typeJSON) }
func describeText(_ *Server, op *huma.Operation)   { describeDownload(op, typeText) }
