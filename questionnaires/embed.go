// Package questionnaires embeds the questionnaire formats. The sample
// workbooks in samples/ are files to try. README.md is the field reference.
package questionnaires

import "embed"

// FS holds one YAML file per format, and topics.yaml.
//
//go:embed *.yaml
var FS embed.FS
