package caiq

import "strings"

// Ref names a control, a part of a control, or a question, always with the set
// it belongs to:
//
//	ccm-4.1/IAM-13        a control of a framework
//	ccm-4.1/IAM-13#mfa    a part of that control (see Crosswalk's missing parts)
//	caiq-4.1/IAM-13.1     a question of a format
//	tsc-2017/CC6.1        a criterion
type Ref string

// MakeRef joins a set and an identifier.
func MakeRef(set, id string) Ref { return Ref(set + "/" + id) }

// Set returns the framework or format id before the slash.
func (r Ref) Set() string {
	set, _, _ := strings.Cut(string(r), "/")
	return set
}

// ID returns the identifier without set and part.
func (r Ref) ID() string {
	_, id, _ := strings.Cut(string(r), "/")
	id, _, _ = strings.Cut(id, "#")
	return id
}

// Part returns the part id after '#', or "".
func (r Ref) Part() string {
	_, part, _ := strings.Cut(string(r), "#")
	return part
}

// WithoutPart returns the control that a part belongs to.
func (r Ref) WithoutPart() Ref {
	whole, _, _ := strings.Cut(string(r), "#")
	return Ref(whole)
}

// IsQuestion reports whether r names a question of a format.
func (r Ref) IsQuestion() bool { return strings.HasPrefix(string(r), "caiq-") }
