// Package caiq is the domain: the types and rules that every other package
// shares. It knows nothing of spreadsheets, YAML, databases or HTTP and imports
// the standard library only.
//
// The nouns, in the order data flows: a [Questionnaire] is read from a file and
// holds [Question] values; each is recognised against a [Format]; its control
// leads through a [Crosswalk] to criteria, and through the addresses of a
// [Profile] to company controls and their [Evidence]; the engine turns that into
// a [Proposal]; people turn a proposal into an [Answer].
//
// Struct tags named yaml describe the data files of questionnaires/ and
// mappings/; their field references are the READMEs of those folders.
package caiq
