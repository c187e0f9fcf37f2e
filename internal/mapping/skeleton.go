package mapping

import (
	_ "embed"
	"strings"
)

//go:embed skeleton.yaml
var skeleton string

// Skeleton returns a commented profile to start from. It lints with nothing but
// what its comments tell to fill in.
func Skeleton(id string) []byte {
	return []byte(strings.ReplaceAll(skeleton, "$ID", id))
}
