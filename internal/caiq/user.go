package caiq

import (
	"slices"
	"time"
)

// User is a person's account, known to the whole installation. Accounts are
// disabled, never deleted: the trail names them.
type User struct {
	ID           string
	Revision     int
	Email        string // lower case, unique
	Name         string
	PasswordHash string // PHC string of argon2id; "" before the first password
	Disabled     bool
	Created      time.Time
}

// Session is a signed-in browser. Its id is known to the browser alone.
type Session struct {
	Hash     string // SHA-256 of the id, lower-case hex
	UserID   string
	Created  time.Time
	LastSeen time.Time
	Expires  time.Time
}

// Token lets a program act as its user in one workspace, within Scopes.
type Token struct {
	ID          string // also inside the secret, to find it by
	WorkspaceID string
	UserID      string
	Revision    int
	Name        string
	Hash        string  // SHA-256 of the whole secret, lower-case hex
	Scopes      []Scope // what the token may do at most; the user's roles bound it too
	Created     time.Time
	Expires     time.Time
	LastUsed    time.Time // zero: never
	Revoked     time.Time // zero: not revoked
}

// Scope is one thing a token may be allowed to do.
type Scope string

// The scopes of tokens. Approve is never given unless asked for by name.
const (
	ScopeRead    Scope = "read"
	ScopeUpload  Scope = "upload"
	ScopeEdit    Scope = "edit"
	ScopeApprove Scope = "approve"
	ScopeExport  Scope = "export"
	ScopeAdmin   Scope = "admin"
)

// Scopes returns all scopes in the order in which they are shown.
func Scopes() []Scope {
	return []Scope{ScopeRead, ScopeUpload, ScopeEdit, ScopeApprove, ScopeExport, ScopeAdmin}
}

// LinkPurpose is the one thing a one-time link can be used for.
type LinkPurpose string

// Purposes of one-time links.
const (
	LinkSetup  LinkPurpose = "setup"  // first workspace and admin of an installation
	LinkReset  LinkPurpose = "reset"  // new password
	LinkInvite LinkPurpose = "invite" // membership; an Invitation holds it, not a Link
)

// Link is a one-time link: its secret works once, for one purpose and user.
type Link struct {
	Hash    string // SHA-256 of the secret, lower-case hex
	Purpose LinkPurpose
	UserID  string // "" for LinkSetup
	Created time.Time
	Expires time.Time
	Used    time.Time // zero: not yet
}

// Attempts are the failed tries counted under one key (an account, a network)
// since a window of time began.
type Attempts struct {
	Count int
	Since time.Time
	Last  time.Time
}

// Principal is who a request acts for, after authentication: the only source of
// actors in answers and events.
type Principal struct {
	User      User
	Workspace Workspace    // the one in the address; zero outside of workspaces
	Roles     []MemberRole // the user's in Workspace
	// Auth is how the user proved who they are: "pwd", "token:ID" or "cli".
	Auth string
	// Scopes bounds a token; nil for people, who are bound by their roles alone.
	Scopes []Scope
	// RequestID ties events and log lines together.
	RequestID string
}

// Has reports whether the principal holds the role in its workspace.
func (p Principal) Has(role MemberRole) bool { return slices.Contains(p.Roles, role) }
