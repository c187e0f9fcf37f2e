// Package questionnaires embeds the questionnaire formats and the sample
// workbooks. README.md is the field reference.
package questionnaires

import "embed"

// FS holds one YAML file per format, topics.yaml and samples/.
//
//go:embed all:*
var FS embed.FS
