package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"caique/internal/caiq"
)

// Particulars of events that leave answers: answerHash is the hash of the one
// answer that an event is about, listHash that of the list of all that the engine
// wrote in one go (see listAnswers).
const (
	answerHash = "answer_sha256"
	listHash   = "answer_list_sha256"
)

// answerRow is the hashed form of an answer: all of its row, with the proposal's
// hash for the proposal. A field that is added to it must be left out while it is
// empty, so that the hashes of older rows stay as they are.
type answerRow struct {
	Workspace     string           `json:"workspace"`
	Record        string           `json:"record"`
	N             int              `json:"n"`
	Revision      int              `json:"revision"`
	State         caiq.AnswerState `json:"state"`
	Text          caiq.Answer      `json:"text"`
	TextSHA256    string           `json:"text_sha256"`
	Proposal      string           `json:"proposal"`
	Band          caiq.Band        `json:"band"`
	Basis         string           `json:"basis"`
	Until         caiq.Date        `json:"until"`
	EditedBy      string           `json:"edited_by"`
	Authors       []string         `json:"authors,omitempty"`
	ApprovedBy    string           `json:"approved_by"`
	ApprovedAt    int64            `json:"approved_at"`
	ApprovedBasis string           `json:"approved_basis"`
	ApprovedUntil caiq.Date        `json:"approved_until"`
	Reason        string           `json:"reason"`
	ChangedBy     string           `json:"changed_by"`
	Changed       int64            `json:"changed"`
	Source        string           `json:"source"`
	Audience      caiq.Release     `json:"audience,omitempty"`
}

// answerSHA256 hashes an answer as it is stored.
func answerSHA256(a *caiq.StoredAnswer) string {
	text, err := json.Marshal(answerRow{
		Workspace: a.WorkspaceID, Record: a.RecordID, N: a.N, Revision: a.Revision, State: a.State,
		Text: a.Answer, TextSHA256: a.TextSHA256, Proposal: a.ProposalSHA256, Band: a.Proposal.Band, Basis: a.BasisHash, Until: a.EvidenceUntil,
		EditedBy: a.EditedBy, Authors: a.Authors,
		ApprovedBy: a.ApprovedBy, ApprovedAt: a.ApprovedAt.UnixMicro(), ApprovedBasis: a.ApprovedBasis, ApprovedUntil: a.ApprovedUntil,
		Reason: a.Reason, ChangedBy: a.ChangedBy, Changed: a.Changed.UnixMicro(), Source: a.Source, Audience: a.Audience,
	})
	if err != nil { // texts, numbers and days
		return ""
	}
	return hexSHA256(text)
}

// listAnswers is a line "n revision hash" for each answer.
func listAnswers(answers []*caiq.StoredAnswer) []byte {
	var b bytes.Buffer
	for _, a := range answers {
		fmt.Fprintf(&b, "%d %d %s\n", a.N, a.Revision, answerSHA256(a))
	}
	return b.Bytes()
}

// answerAt is a revision of an answer of some questionnaire.
type answerAt struct{ n, revision int }

// eachListed visits the lines of listAnswers: those of one question, or all (0).
func eachListed(list []byte, n int, visit func(at answerAt, row string)) {
	only := ""
	if n > 0 {
		only = strconv.Itoa(n) + " "
	}
	for line := range strings.Lines(string(list)) {
		if !strings.HasPrefix(line, only) {
			continue
		}
		f := strings.Fields(line)
		if len(f) != 3 {
			continue // nothing that listAnswers wrote: it vouches for nothing
		}
		n, _ := strconv.Atoi(f[0])
		revision, _ := strconv.Atoi(f[1])
		visit(answerAt{n, revision}, f[2])
	}
}
