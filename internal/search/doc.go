// Package search finds passages by text. Its index is derived from what others
// keep: it can be thrown away and built again at any time, and it would rather
// report itself damaged than find less than there is.
package search
