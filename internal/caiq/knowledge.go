package caiq

// Knowledge is the part of questionnaires/ and mappings/ that a run needs,
// resolved: references complete, defaults filled in.
type Knowledge struct {
	Formats    map[FormatID]*Format
	Frameworks map[FrameworkID]*Framework
	Crosswalks []*Crosswalk
	Lineages   []*Lineage
	Topics     []Topic
	// Answering is the id of the profile that answers.
	Answering string
	// Profiles holds the answering party and every provider it uses, by id.
	Profiles map[string]*Profile
	// Hashes are the SHA-256 of each file loaded, by its path, for manifests.
	Hashes map[string]string
}
