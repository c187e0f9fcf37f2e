package caiq

import "time"

// Installation is the id of the workspace that stands for the installation
// itself: its trail holds what concerns no single tenant (accounts, sign-ins,
// new workspaces) and its admins run the installation. It holds no
// questionnaires and is left out of lists of workspaces.
const Installation = "installation"

// Workspace is the tenant: everything but users belongs to exactly one.
type Workspace struct {
	ID       string
	Revision int // counts changes, from 1
	Name     string
	// SingleOperator lets people approve texts they wrote themselves. It is
	// chosen when the workspace is made, never changed, and named in every
	// manifest.
	SingleOperator bool
	Created        time.Time
	// Head is the last event's sequence number, 0 before the first; HeadHash is
	// its Hash.
	Head     int64
	HeadHash string
}

// MemberRole is what a person may do in a workspace; a person may hold several.
type MemberRole string

// The roles of a workspace. What each may do is the permission table of
// package app; that nobody approves a text of their own is no matter of roles.
const (
	Viewer   MemberRole = "viewer"   // reads, the trail included
	Uploader MemberRole = "uploader" // vendor-risk
	Reviewer MemberRole = "reviewer" // edits and approves
	Exporter MemberRole = "exporter" // procurement
	Admin    MemberRole = "admin"
)

// MemberRoles returns all roles in the order in which they are shown.
func MemberRoles() []MemberRole {
	return []MemberRole{Viewer, Uploader, Reviewer, Exporter, Admin}
}

// Member is a person in a workspace.
type Member struct {
	WorkspaceID string
	UserID      string
	Revision    int
	Roles       []MemberRole // in the order of MemberRoles, at least one
	Created     time.Time
	// Email, Name and Disabled are the user's, filled in by reading alone.
	Email    string
	Name     string
	Disabled bool
}

// Invitation asks a person into a workspace, whether or not they have an account.
// It stands until it is used or withdrawn; one that has run out can be renewed.
type Invitation struct {
	ID          string
	WorkspaceID string
	Revision    int
	Email       string       // lower case; a workspace has one invitation to each
	Name        string       // as whoever invites has it
	Roles       []MemberRole // of the membership; in the order of MemberRoles, at least one
	Hash        string       // SHA-256 of its link's secret, lower-case hex
	Created     time.Time
	Expires     time.Time
}
