package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"caique/internal/app"
	"caique/internal/caiq"
	"caique/internal/store"
)

func newAudit(t terminal) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Verify or export the audit trail",
		RunE:  help,
	}
	cmd.AddCommand(newAuditVerify(t), newAuditExport(t))
	return cmd
}

// auditCommand reads trails of an installation or of a file.
type auditCommand struct {
	data, database string
	trail          string
	workspace      string
	key            string
	checkpoints    string
	allowMissing   bool
	out            string
	force, json    bool
}

func newAuditVerify(t terminal) *cobra.Command {
	c := &auditCommand{}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Find the first event that was edited, deleted, reordered or cut off, and what does not agree with the trail",
		Long: `Recomputes the chain of hashes and compares it with the signed checkpoints. It
reads the database of an installation, running or not, or with --trail an exported
trail, without any database. Exit code 1 names the first event that is not as it was.

Of a database it also compares what is there with what the trail says: all rows of
answers and their revisions, proposals, questions, comments, members, files by their
hash, questionnaires, exports, library entries, profiles, picks, tokens, workspaces,
and accounts that have been used; and that no workspace is gone. Exit code 1 names
each that does not agree. Rows from before events held their hashes are counted in a
note; of them texts, files and what the events say besides are compared. Not compared
are who a question is assigned to, sessions, links, failed sign-ins, idempotency
keys, when a token was last used, and accounts that have no password yet.

Signed checkpoints tell that a trail was rewritten as a whole, cut off together with
its head, or deleted with its workspace. Those kept outside the database are read from
--checkpoints: the file that the service writes, or one that …/exports/ID/checkpoint
gave. A line of it that cannot be read is named and passed over; one that another key
signed is a failure. The service writes key and checkpoints into the folder --data.
Where an installation has signed its trails and they are not there, that is a failure
too (exit code 1): without them a trail that was cut off passes. With --allow-missing it
is told and no failure. Of an exported trail the chain alone is checked where no --key
is given.

What is not noticed: events that somebody who can write to the database adds to the end
of a trail, with rows that agree, before the service signs it.`,
		Example: `  caique audit verify --data /var/lib/caique
  caique audit verify --trail trail.jsonl --key checkpoint.pub --checkpoints checkpoints.jsonl`,
		Args:    exactArgs(),
		PreRunE: findData,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.verify(cmd.Context(), t) },
	}
	f := cmd.Flags()
	registerData(f, &c.data, &c.database)
	f.StringVar(&c.trail, "trail", "", "exported trail to verify instead of a database")
	f.StringVar(&c.workspace, "workspace", "", "id of one workspace (default: all)")
	f.StringVar(&c.key, "key", "", "public key of the installation (default: "+publicKeyFile+" in the folder --data; none with --trail)")
	f.StringVar(&c.checkpoints, "checkpoints", "", "checkpoints kept outside the database (default: "+checkpointFile+" in the folder --data; none with --trail)")
	f.BoolVar(&c.allowMissing, "allow-missing", false, "no failure where the public key or the checkpoints kept outside the database are missing")
	f.BoolVar(&c.json, "json", false, "print JSON")
	return cmd
}

func newAuditExport(t terminal) *cobra.Command {
	c := &auditCommand{}
	cmd := &cobra.Command{
		Use:     "export --workspace ID -o FILE",
		Short:   "Write a workspace's trail with its checkpoints as JSON lines",
		Example: `  caique audit export --data /var/lib/caique --workspace installation -o trail.jsonl`,
		Args:    exactArgs(),
		PreRunE: findData,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.export(cmd.Context(), t) },
	}
	f := cmd.Flags()
	registerData(f, &c.data, &c.database)
	f.StringVar(&c.workspace, "workspace", "", "id of the workspace; "+caiq.Installation+" is that of accounts and sign-ins")
	f.StringVarP(&c.out, "output", "o", "", "file to write")
	f.BoolVar(&c.force, "force", false, "overwrite a file that exists")
	return cmd
}

// openToRead opens a database without changing it.
func openToRead(ctx context.Context, data, database string) (*store.Store, error) {
	address := databaseAddress(data, database)
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return store.Open(ctx, address)
	}
	path := strings.TrimPrefix(address, "sqlite:")
	if _, err := os.Stat(path); err != nil {
		return nil, caiq.Errorf(caiq.NotFound, "no_such_file", "%s: there is no such database", path).
			WithHint("name the folder of the installation with --data, or its database with --database")
	}
	return store.OpenReadOnly(ctx, path)
}

func (c *auditCommand) verify(ctx context.Context, t terminal) error {
	w, err := c.witnesses()
	if err != nil {
		return err
	}
	var a audited
	if c.trail != "" {
		a.trails, err = c.verifyFile(w)
	} else {
		a, err = c.verifyDatabase(ctx, w)
	}
	if err != nil {
		return err
	}
	a.witnesses = w
	return c.print(t, a)
}

func (c *auditCommand) verifyFile(w *witnesses) ([]app.TrailReport, error) {
	f, err := os.Open(c.trail)
	if err != nil {
		return nil, caiq.Errorf(caiq.NotFound, "no_such_file", "%s cannot be read", c.trail)
	}
	var signed app.Outside
	if w.key != nil {
		signed = w.signedBy(w.key)
	}
	report, err := app.VerifyTrailFile(f, signed.Notes, w.key)
	return []app.TrailReport{report}, errors.Join(err, f.Close())
}

// audited is the outcome of a verification: each trail, and what does not agree
// with its trail, by workspace; "" has what is damaged in the database itself.
type audited struct {
	trails      []app.TrailReport
	differences map[string]caiq.Problems
	notes       map[string]caiq.Problems // rows that are not covered
	witnesses   *witnesses
}

func (c *auditCommand) verifyDatabase(ctx context.Context, w *witnesses) (a audited, err error) {
	db, err := openToRead(ctx, c.data, c.database)
	if err != nil {
		return a, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.Snapshot(ctx, func(ctx context.Context) error {
		signed, err := w.of(ctx, db)
		if err != nil {
			return err
		}
		ids, err := trailsOf(ctx, db, "")
		if err != nil {
			return err
		}
		lost, err := w.losses(ctx, db)
		if err != nil {
			return err
		}
		missing := c.named(signed.Missing(ids, lost))
		if ids, err = trailsOf(ctx, db, c.workspace); err != nil || c.workspace != "" && len(missing) > 0 {
			a.trails = missing
			return err
		}
		if a.trails, err = verifyTrails(ctx, db, ids, signed.Notes, w.key); err != nil {
			return err
		}
		w.expect(a.trails)
		a.trails = append(a.trails, missing...)
		a.differences, a.notes, err = differences(ctx, db, ids)
		return err
	})
	return a, err
}

// named are the reports on the workspace that is asked about, or all.
func (c *auditCommand) named(reports []app.TrailReport) []app.TrailReport {
	return slices.DeleteFunc(reports, func(r app.TrailReport) bool { return c.workspace != "" && r.WorkspaceID != c.workspace })
}

// differences compares the workspaces with their trails, and looks for damage
// that no trail knows of.
func differences(ctx context.Context, db *store.Store, ids []string) (found, notes map[string]caiq.Problems, err error) {
	found, notes = make(map[string]caiq.Problems), make(map[string]caiq.Problems)
	for _, id := range ids {
		problems, uncovered, err := app.Reconcile(ctx, db, id)
		if err != nil {
			return nil, nil, err
		}
		notes[id] = uncovered
		if len(problems) > 0 {
			found[id] = problems
		}
	}
	damage, err := db.Check(ctx)
	if len(damage) > 0 {
		found[""] = damage
	}
	return found, notes, err
}

// trailsOf lists the workspaces of a database, the installation first, or the one named.
func trailsOf(ctx context.Context, db *store.Store, only string) ([]string, error) {
	if only != "" {
		return []string{only}, nil
	}
	ids := []string{caiq.Installation}
	all, err := db.Workspaces(ctx, "")
	for _, w := range all {
		ids = append(ids, w.ID)
	}
	return ids, err
}

func verifyTrails(ctx context.Context, db *store.Store, ids, notes []string, key note.Verifier) ([]app.TrailReport, error) {
	var reports []app.TrailReport
	for _, id := range ids {
		r, err := app.VerifyStored(ctx, db, id, notes, key)
		if err != nil {
			return nil, err
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// auditJSON is what --json prints.
type auditJSON struct {
	Verified bool          `json:"verified"`
	Trails   []trailJSON   `json:"trails"`
	Damage   caiq.Problems `json:"damage"`
	// Checkpoints are problems of the key and the checkpoints kept outside.
	Checkpoints caiq.Problems `json:"checkpoints"`
	Unread      caiq.Problems `json:"unread,omitempty"`
}

// trailJSON is a report as --json prints it.
type trailJSON struct {
	Workspace   string    `json:"workspace"`
	Verified    bool      `json:"verified"`
	Events      int64     `json:"events"`
	Head        string    `json:"head"`
	First       time.Time `json:"first,omitzero"`
	Last        time.Time `json:"last,omitzero"`
	Checkpoints int       `json:"checkpoints"`
	Signed      int64     `json:"signed"`
	Outside     int64     `json:"signed_outside"`
	// Lost are signed events that are gone with an older state of the database, which
	// was accepted.
	Lost    []lossJSON       `json:"lost,omitempty"`
	Problem app.TrailProblem `json:"problem,omitempty"`
	Seq     int64            `json:"seq,omitempty"`
	Message string           `json:"message,omitempty"`
	// Differences are what the workspace holds and its trail does not say.
	Differences caiq.Problems `json:"differences,omitempty"`
	// NotCovered counts rows written before events held hashes of them.
	NotCovered caiq.Problems `json:"not_covered,omitempty"`
}

// lossJSON is a loss as --json prints it.
type lossJSON struct {
	From       int64     `json:"from"`
	To         int64     `json:"to"`
	Workspaces []string  `json:"workspaces,omitempty"` // gone as a whole
	Accepted   time.Time `json:"accepted"`
}

func lossesJSON(losses []app.Loss) []lossJSON {
	var out []lossJSON
	for _, l := range losses {
		out = append(out, lossJSON{l.Kept + 1, l.To, l.Workspaces, l.At})
	}
	return out
}

func (c *auditCommand) print(t terminal, a audited) error {
	out := make([]trailJSON, len(a.trails))
	ok := len(a.differences) == 0 && a.witnesses.ok(c.allowMissing)
	for i, r := range a.trails {
		ok = ok && r.OK()
		differ := a.differences[r.WorkspaceID]
		out[i] = trailJSON{
			r.WorkspaceID, r.OK() && len(differ) == 0, r.Events, r.Head, r.First, r.Last, r.Checkpoints, r.Signed, r.Outside,
			lossesJSON(r.Losses), r.Problem, r.Seq, r.Message, differ, a.notes[r.WorkspaceID],
		}
	}
	if c.json {
		if err := writeJSON(t.out, auditJSON{
			ok, out, append(caiq.Problems{}, a.differences[""]...), slices.Concat(caiq.Problems{}, a.witnesses.bad, a.witnesses.missing), a.witnesses.unread,
		}); err != nil {
			return err
		}
	} else {
		c.printText(t, a)
	}
	if !ok {
		return errNegative
	}
	return nil
}

func (c *auditCommand) printText(t terminal, a audited) {
	for _, r := range a.trails {
		fmt.Fprintln(t.out, c.trailText(r, a.witnesses.key != nil))
		printDifferences(t, r.WorkspaceID, a.differences[r.WorkspaceID])
		printDifferences(t, r.WorkspaceID+" (note)", a.notes[r.WorkspaceID])
	}
	printDifferences(t, "database", a.differences[""])
	printDifferences(t, "checkpoints", a.witnesses.bad)
	printDifferences(t, "checkpoints", a.witnesses.missing)
	printDifferences(t, "checkpoints (note)", a.witnesses.unread)
}

func printDifferences(t terminal, where string, problems caiq.Problems) {
	for _, p := range problems {
		fmt.Fprintf(t.out, "%s: %s (%s)\n", where, p, p.Code)
	}
}

func (c *auditCommand) trailText(r app.TrailReport, keyed bool) string {
	if !r.OK() {
		return fmt.Sprintf("%s: %s at event %d: %s", r.WorkspaceID, r.Problem, r.Seq, r.Message)
	}
	if r.Events == 0 {
		return r.WorkspaceID + ": no events yet"
	}
	text := fmt.Sprintf("%s: %s from %s to %s, head %s", r.WorkspaceID, caiq.Counted(int(r.Events), "event", "events"),
		r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339), r.Head)
	if !keyed {
		return text + "; no key was given, so no checkpoint was looked at"
	}
	text += lossText(r.Losses) + fmt.Sprintf("; %s, the last at event %d", caiq.Counted(r.Checkpoints, "checkpoint agrees", "checkpoints agree"), r.Signed)
	switch {
	case r.Outside > 0:
		return text + fmt.Sprintf(", outside the database at event %d", r.Outside)
	case c.trail == "" && r.Checkpoints > 0:
		return text + ", none outside the database"
	default:
		return text
	}
}

func lossText(losses []app.Loss) string {
	var b strings.Builder
	for i := range losses {
		l := &losses[i]
		fmt.Fprintf(&b, "; %s are lost, as accepted on %s by event %d: an older state of the database was put in place", l, l.At.Format(time.RFC3339), l.Kept+1)
	}
	return b.String()
}

func (c *auditCommand) export(ctx context.Context, t terminal) (err error) {
	if c.workspace == "" || c.out == "" {
		return usagef("--workspace and --output are needed")
	}
	if err := checkOutputs(c.force, nil, []string{c.out}); err != nil {
		return err
	}
	db, err := openToRead(ctx, c.data, c.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var text strings.Builder
	if err := app.WriteTrail(ctx, db, c.workspace, &text); err != nil {
		return err
	}
	if err := writeOutputs(c.force, output{c.out, []byte(text.String())}); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "wrote %s\n", c.out)
	return nil
}
