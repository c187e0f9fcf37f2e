// Package questionnaires embeds the questionnaire formats. The sample
// workbooks in samples/ are files to try. README.md is the field reference.
package questionnaires

import "embed"

// FS holds one YAML file per format, and topics.yaml.
//
//go:embed *.yaml
var FS embed.FS

// Samples holds questionnaires in our own words, to try the service with:
// samples/sample-caiq-4.0.xlsx and samples/sample-custom.csv.
//
//go:embed samples
var Samples embed.FS
