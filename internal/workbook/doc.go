// Package workbook turns the bytes of a questionnaire file into questions and
// writes answers back into the very same bytes.
//
// Open checks a file before anything else reads it, Read finds the questions,
// Edits says which cells an answer goes to, Patch writes those cells and
// nothing else, Verify proves it.
//
// One scanner, ours, looks at the XML of a sheet for the check, the patch and
// the proof alike; excelize reads the cells of files that passed the check.
// The package knows nothing of profiles, crosswalks, engines or storage.
package workbook
