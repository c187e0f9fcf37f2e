package app

import (
	"slices"

	"caique/internal/caiq"
)

// Action is something that a principal may be allowed to do; events carry it.
type Action string

// The actions, by noun.
const (
	ActWorkspaceRead   Action = "workspace.read"
	ActWorkspaceRename Action = "workspace.rename"
	ActWorkspaceCreate Action = "workspace.create" // in the installation

	ActMemberRead     Action = "member.read"
	ActMemberChange   Action = "member.change"
	ActMemberRemove   Action = "member.remove"
	ActInvitationRead Action = "invitation.read"
	ActInvite         Action = "invitation.create" // anew and again
	ActWithdraw       Action = "invitation.withdraw"
	ActUserRead       Action = "user.read"    // in the installation
	ActUserDisable    Action = "user.disable" // in the installation
	ActUserReset      Action = "user.reset"   // in the installation

	ActTokenCreate Action = "token.create"
	ActTokenRead   Action = "token.read"
	ActTokenRevoke Action = "token.revoke" // one's own; those of others with member.change

	ActRecordRead    Action = "questionnaire.read"
	ActRecordUpload  Action = "questionnaire.upload"
	ActRecordChange  Action = "questionnaire.change"
	ActRecordPropose Action = "questionnaire.propose"
	ActRecordArchive Action = "questionnaire.archive"
	ActRecordDelete  Action = "questionnaire.delete"

	ActAssign  Action = "answer.assign"
	ActComment Action = "answer.comment"
	ActEdit    Action = "answer.edit"
	ActApprove Action = "answer.approve"
	ActReject  Action = "answer.reject"
	ActReopen  Action = "answer.reopen"
	ActPick    Action = "answer.pick"
	ActUnpick  Action = "answer.unpick"

	ActMatch  Action = "workspace.match"
	ActSearch Action = "workspace.search"

	ActLibraryRead   Action = "library.read"
	ActLibraryChange Action = "library.change"

	ActProfileRead   Action = "profile.read"
	ActProfileImport Action = "profile.import"

	ActExport     Action = "export.create"
	ActExportRead Action = "export.read"

	ActTrailRead Action = "trail.read"
)

// Events that no permission stands for.
const (
	actSetUp         Action = "installation.setup"
	actKey           Action = "installation.key"
	actSignIn        Action = "session.create"
	actSignOut       Action = "session.end-all"
	actSignInBlocked Action = "session.block"
	actPassword      Action = "user.password"
	actUserCreate    Action = "user.create"
	actInvitationUse Action = "invitation.use"
	actJoin          Action = "member.join"
	actMemberInvite  Action = "member.invite" // of before invitations stood by themselves
	actLibraryPut    Action = "library.put"
	actLibraryRetire Action = "library.retire"
	actLoss          Action = "trail.loss"
)

// Permission says who may do an action: members with any of the roles, and
// tokens of theirs with the scope. No role includes another, and none lets
// anybody approve a text of their own.
type Permission struct {
	Action Action
	Roles  []caiq.MemberRole
	Scope  caiq.Scope // "": no token may
}

// Permissions is the one table of who may do what. What it does not name nobody
// may do.
func Permissions() []Permission {
	const (
		uploader = caiq.Uploader
		reviewer = caiq.Reviewer
		exporter = caiq.Exporter
		admin    = caiq.Admin
	)
	all := caiq.MemberRoles()
	who := func(roles ...caiq.MemberRole) []caiq.MemberRole { return roles }
	return []Permission{
		{ActWorkspaceRead, all, caiq.ScopeRead},
		{ActWorkspaceRename, who(admin), caiq.ScopeAdmin},
		{ActWorkspaceCreate, who(admin), ""},

		{ActMemberRead, all, caiq.ScopeRead},
		{ActMemberChange, who(admin), ""},
		{ActMemberRemove, who(admin), ""},
		{ActInvitationRead, who(admin), caiq.ScopeAdmin},
		{ActInvite, who(admin), ""},
		{ActWithdraw, who(admin), ""},
		{ActUserRead, who(admin), ""},
		{ActUserDisable, who(admin), ""},
		{ActUserReset, who(admin), ""},

		{ActTokenCreate, all, ""},
		{ActTokenRead, all, ""},
		{ActTokenRevoke, all, ""},

		{ActRecordRead, all, caiq.ScopeRead},
		{ActRecordUpload, who(uploader), caiq.ScopeUpload},
		{ActRecordChange, who(uploader, reviewer), caiq.ScopeUpload},
		{ActRecordPropose, who(uploader, reviewer), caiq.ScopeUpload},
		{ActRecordArchive, who(uploader, admin), caiq.ScopeAdmin},
		{ActRecordDelete, who(admin), caiq.ScopeAdmin},

		{ActAssign, who(uploader, reviewer), caiq.ScopeEdit},
		{ActComment, who(uploader, reviewer, exporter, admin), caiq.ScopeEdit},
		{ActEdit, who(reviewer), caiq.ScopeEdit},
		{ActApprove, who(reviewer), caiq.ScopeApprove},
		{ActReject, who(reviewer), caiq.ScopeApprove},
		{ActReopen, who(reviewer), caiq.ScopeApprove},
		{ActPick, who(reviewer), caiq.ScopeEdit},
		{ActUnpick, who(reviewer), caiq.ScopeEdit},

		{ActMatch, all, caiq.ScopeRead},
		{ActSearch, all, caiq.ScopeRead},

		{ActLibraryRead, all, caiq.ScopeRead},
		{ActLibraryChange, who(reviewer), caiq.ScopeEdit},

		{ActProfileRead, all, caiq.ScopeRead},
		{ActProfileImport, who(admin), caiq.ScopeAdmin},

		{ActExport, who(exporter), caiq.ScopeExport},
		{ActExportRead, who(exporter, admin), caiq.ScopeExport},

		{ActTrailRead, all, caiq.ScopeRead},
	}
}

// Allow returns nil when the principal may do the action in its workspace, else
// a Forbidden error with code not_allowed, or scope_missing for a token.
func Allow(p caiq.Principal, a Action) error {
	table := Permissions()
	i := slices.IndexFunc(table, func(x Permission) bool { return x.Action == a })
	if i < 0 || !slices.ContainsFunc(table[i].Roles, p.Has) {
		return caiq.Errorf(caiq.Forbidden, "not_allowed", "your roles in this workspace do not allow %s", a).
			WithHint("an admin of the workspace can give you another role")
	}
	if p.Scopes == nil {
		return nil
	}
	if table[i].Scope == "" || !slices.Contains(p.Scopes, table[i].Scope) {
		return caiq.Errorf(caiq.Forbidden, "scope_missing", "the token is not allowed %s", a).
			WithHint("tokens do only what their scopes name, and some things need a person")
	}
	return nil
}
