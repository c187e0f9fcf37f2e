package web

// bodyExamples are bodies of requests as they are sent, by the name of their schema.
func bodyExamples() map[string]any {
	type object = map[string]any
	const (
		link   = "what-stands-behind-the-link's-number-sign"
		user   = "019a207a-232b-7000-a031-c5945a80077c"
		hash   = "cdf35cf5519a566edaa2c84e4c163d11a8696c59fe1b5ec2a4aa3c2b0bbf10e0"
		reason = "The penetration test is of last year."
	)
	seen := []any{object{"n": 1, "revision": 1}, object{"n": 2, "revision": 3}}
	return map[string]any{
		"SetUpInputBody": object{
			"link": "https://caique.example.com/setup#" + link, "email": "ada@example.com", "name": "Ada", "password": "twelve characters or more",
			"workspace": "Example Cloud",
		},
		"LinkInputBody":            object{"link": link},
		"UseLinkInputBody":         object{"link": link, "password": "twelve characters or more"},
		"SignInInputBody":          object{"email": "ada@example.com", "password": "twelve characters or more"},
		"ChangePasswordInputBody":  object{"old": "twelve characters or more", "password": "other twelve characters"},
		"DisableUserInputBody":     object{"disabled": true},
		"CreateWorkspaceInputBody": object{"name": "Example Cloud"},
		"RenameWorkspaceInputBody": object{"name": "Example Cloud, Inc."},
		"InviteInputBody":          object{"email": "rosa@example.com", "name": "Rosa", "roles": []any{"reviewer"}},
		"ChangeMemberInputBody":    object{"roles": []any{"reviewer", "exporter"}},
		"CreateTokenInputBody":     object{"name": "nightly export", "scopes": []any{"read", "export"}, "expires": "2027-05-01T00:00:00Z"},
		"ChangeRecordInputBody":    object{"customer": "Northwind Bank", "needed_by": "2026-12-15"},
		"ArchiveRecordInputBody":   object{"archived": true},
		"ProposeInputBody":         object{"profile": "example-saas", "audience": "nda", "as_of": "2026-11-23"},
		"Answer": object{
			"answer": "yes", "ownership": "CSP-owned", "description": "Our audit policy is approved and reviewed every year.", "customer_responsibilities": "",
		},
		"ApproveAnswerInputBody": object{"text_sha256": hash},
		"ReasonInputBody":        object{"reason": reason},
		"Selection":              object{"seen": seen, "states": []any{"proposed"}, "bands": []any{"verbatim", "supported"}},
		"ReasonManyInputBody":    object{"seen": seen, "reason": reason},
		"AssignInputBody":        object{"domains": []any{"IAM"}, "user": user},
		"CommentInputBody":       object{"text": "Who knows more about this one?"},
		"ExportBody":             object{"format": "xlsx", "audience": "nda"},
		"PickInputBody":          object{"candidate": "caiq-4.1/IAM-13.1", "reason": "It asks for a second factor."},
		"MatchInputBody":         object{"text": "Do administrators need a second factor?", "section": "Access", "profile": "example-saas"},
		"ChangeEntryInputBody":   object{"owner": user, "review_by": "2027-11-23"},
	}
}
