// Package mappings embeds frameworks, crosswalks, lineages, responsibility
// notes and profiles. README.md is the field reference.
package mappings

import "embed"

// FS holds the folders frameworks, crosswalks, lineage, responsibility and profiles.
//
//go:embed */*.yaml
var FS embed.FS
