package web

import (
	"net/http"

	"caique/internal/app"
)

// routes is the table of everything that the service answers. The action of a
// route is what its use case asks the permission table; open routes need nobody
// signed in, those of a user a session or token, those of the installation
// somebody who runs it.
func (s *Server) routes() {
	const (
		created = http.StatusCreated

		w = "/api/v1/workspaces/{workspace}"
		q = w + "/questionnaires/{questionnaire}"
		a = q + "/answers/{n}"
	)
	s.health("/livez", s.livez)
	s.health("/readyz", s.readyz)
	s.engine.GET("/openapi.json", s.document)
	s.engine.GET(SetupPath, s.setupPage)

	open(s, "POST /api/v1/setup", "Set up the installation", s.setUp, created)
	open(s, "POST /api/v1/links/look", "Look at a link", s.lookAtLink)
	open(s, "POST /api/v1/links/use", "Use a link", s.useLink)
	open(s, "POST /api/v1/session", "Sign in", s.signIn, created)
	open(s, "DELETE /api/v1/session", "Sign out", s.signOut)
	user(s, "GET /api/v1/me", "Who is signed in", s.me)
	user(s, "PUT /api/v1/me/password", "Change the password", s.changePassword)
	user(s, "DELETE /api/v1/me/sessions", "Sign out everywhere", s.signOutEverywhere)
	user(s, "POST /api/v1/me/join", "Join a workspace", s.join)
	user(s, "GET /api/v1/mappings", "Look up a mapping", s.browse)

	user(s, "GET /api/v1/workspaces", "List workspaces", s.listWorkspaces)
	installation(s, "POST /api/v1/workspaces", app.ActWorkspaceCreate, "Create a workspace", s.createWorkspace, created)
	installation(s, "GET /api/v1/users", app.ActUserRead, "List users", s.listUsers)
	installation(s, "GET /api/v1/users/{user}", app.ActUserRead, "Get a user", s.getUser)
	installation(s, "PATCH /api/v1/users/{user}", app.ActUserDisable, "Disable a user", s.disableUser)
	installation(s, "POST /api/v1/users/{user}/reset", app.ActUserReset, "Make a reset link", s.resetUser, created)

	member(s, "GET "+w, app.ActWorkspaceRead, "Get a workspace", s.getWorkspace)
	member(s, "PATCH "+w, app.ActWorkspaceRename, "Rename a workspace", s.renameWorkspace)
	member(s, "GET "+w+"/members", app.ActMemberRead, "List members", s.listMembers)
	member(s, "GET "+w+"/members/{user}", app.ActMemberRead, "Get a member", s.getMember)
	member(s, "PATCH "+w+"/members/{user}", app.ActMemberChange, "Change a member", s.changeMember)
	member(s, "DELETE "+w+"/members/{user}", app.ActMemberRemove, "Remove a member", s.removeMember)
	member(s, "GET "+w+"/invitations", app.ActInvitationRead, "List invitations", s.listInvitations)
	member(s, "POST "+w+"/invitations", app.ActInvite, "Invite somebody", s.invite, created)
	member(s, "GET "+w+"/invitations/{invitation}", app.ActInvitationRead, "Get an invitation", s.getInvitation)
	member(s, "DELETE "+w+"/invitations/{invitation}", app.ActWithdraw, "Withdraw an invitation", s.withdraw)
	member(s, "GET "+w+"/tokens", app.ActTokenRead, "List tokens", s.listTokens)
	member(s, "POST "+w+"/tokens", app.ActTokenCreate, "Create a token", s.createToken, created)
	member(s, "DELETE "+w+"/tokens/{token}", app.ActTokenRevoke, "Revoke a token", s.revokeToken)

	member(s, "GET "+w+"/questionnaires", app.ActRecordRead, "List questionnaires", s.listRecords)
	s.raw("POST "+w+"/questionnaires", app.ActRecordUpload, "Upload a questionnaire", describeUpload, s.upload)
	member(s, "GET "+q, app.ActRecordRead, "Get a questionnaire", s.getRecord)
	member(s, "PATCH "+q, app.ActRecordChange, "Change a questionnaire", s.changeRecord)
	member(s, "DELETE "+q, app.ActRecordDelete, "Delete a questionnaire", s.deleteRecord)
	member(s, "POST "+q+"/archive", app.ActRecordArchive, "Archive a questionnaire", s.archiveRecord)
	member(s, "POST "+q+"/propose", app.ActRecordPropose, "Propose answers", s.propose)
	member(s, "GET "+q+"/progress", app.ActRecordRead, "Get the progress", s.progress)
	s.raw("GET "+q+"/file", app.ActRecordRead, "Download the uploaded file", describeFile, s.original)

	member(s, "GET "+q+"/answers", app.ActRecordRead, "List answers", s.listAnswers)
	member(s, "POST "+q+"/answers/approve", app.ActApprove, "Approve many answers", s.approveMany)
	member(s, "POST "+q+"/answers/reject", app.ActReject, "Reject many answers", s.rejectMany)
	member(s, "POST "+q+"/answers/reopen", app.ActReopen, "Reopen many answers", s.reopenMany)
	member(s, "POST "+q+"/answers/assign", app.ActAssign, "Assign questions", s.assign)
	member(s, "GET "+a, app.ActRecordRead, "Get an answer", s.getAnswer)
	member(s, "PUT "+a, app.ActEdit, "Edit an answer", s.editAnswer)
	member(s, "POST "+a+"/approve", app.ActApprove, "Approve an answer", s.approveAnswer)
	member(s, "POST "+a+"/reject", app.ActReject, "Reject an answer", s.rejectAnswer)
	member(s, "POST "+a+"/reopen", app.ActReopen, "Reopen an answer", s.reopenAnswer)
	member(s, "GET "+a+"/candidates", app.ActRecordRead, "List candidates for a question", s.candidates)
	member(s, "POST "+a+"/pick", app.ActPick, "Pick a candidate", s.pick)
	member(s, "DELETE "+a+"/pick", app.ActUnpick, "Take a pick back", s.unpick)
	member(s, "GET "+a+"/history", app.ActRecordRead, "Get the history of an answer", s.answerHistory)
	member(s, "GET "+a+"/comments", app.ActRecordRead, "List comments", s.listComments)
	member(s, "POST "+a+"/comments", app.ActComment, "Comment on a question", s.comment, created)

	member(s, "GET "+a+"/provenance", app.ActRecordRead, "Get the provenance of an answer", s.provenance)

	member(s, "GET "+q+"/exports", app.ActRecordRead, "List exports", s.listExports)
	member(s, "POST "+q+"/exports", app.ActExport, "Export a questionnaire", s.createExport, created)
	member(s, "POST "+q+"/exports/check", app.ActExport, "Check an export", s.checkExport)
	member(s, "GET "+w+"/exports/{export}", app.ActExportRead, "Get an export", s.getExport)
	s.raw("GET "+w+"/exports/{export}/file", app.ActExportRead, "Download the exported file", describeExport, s.exportPart(exportFile))
	s.raw("GET "+w+"/exports/{export}/manifest", app.ActExportRead, "Download the manifest", describeJSON, s.exportPart(exportManifest))
	s.raw("GET "+w+"/exports/{export}/evidence", app.ActExportRead, "Download the evidence list", describeJSON, s.exportPart(exportEvidence))
	s.raw("GET "+w+"/exports/{export}/checkpoint", app.ActExportRead, "Download the checkpoint", describeText, s.exportPart(exportCheckpoint))

	member(s, "POST "+w+"/match", app.ActMatch, "Match questions", s.match)
	member(s, "GET "+w+"/search", app.ActSearch, "Search", s.search)

	member(s, "GET "+w+"/library", app.ActLibraryRead, "List the library", s.listLibrary)
	member(s, "GET "+w+"/library/{entry}", app.ActLibraryRead, "Get a library entry", s.getLibraryEntry)
	member(s, "PATCH "+w+"/library/{entry}", app.ActLibraryChange, "Change a library entry", s.changeLibraryEntry)

	member(s, "GET "+w+"/profiles", app.ActProfileRead, "List profiles", s.listProfiles)
	member(s, "GET "+w+"/profiles/{profile}", app.ActProfileRead, "Get a profile", s.getProfile)
	member(s, "PUT "+w+"/profiles/{profile}", app.ActProfileImport, "Import a profile", s.importProfile)
	member(s, "GET "+w+"/profiles/{profile}/versions", app.ActProfileRead, "List the versions of a profile", s.profileVersions)

	member(s, "GET "+w+"/events", app.ActTrailRead, "List events", s.listEvents)
	s.raw("GET "+q+"/stream", app.ActTrailRead, "Follow a questionnaire", describeStream, s.stream)
	s.raw("GET "+w+"/trail", app.ActTrailRead, "Download the trail", describeTrail, s.trail)
	member(s, "POST "+w+"/trail/verify", app.ActTrailRead, "Verify the trail", s.verifyTrail)
	member(s, "GET "+w+"/checkpoints", app.ActTrailRead, "List checkpoints", s.listCheckpoints)
}
