package answer

import "caique/internal/caiq"

// exclusion returns what declares the question not applicable, its date being
// no later than asOf, at a depth that nothing implemented goes below.
func (v *view) exclusion(r *reach, asOf caiq.Date) (hit[caiq.Exclusion], depth) {
	if x, ok := v.excludes(r.exact, asOf); ok {
		return x, onQuestion
	}
	if x, ok := v.excludesAll(r.near, asOf); ok {
		return x, onAlike
	}
	if x, ok := v.excludes(r.controls, asOf); ok {
		return x, onControl
	}
	if x, ok := v.excludesAll(r.far, asOf); ok {
		return x, onMapped
	}
	return hit[caiq.Exclusion]{}, onNothing
}

func (v *view) excludes(refs []caiq.Ref, asOf caiq.Date) (hit[caiq.Exclusion], bool) {
	for _, x := range hitsAt(v.exclusions, refs) {
		if !x.what.Date.After(asOf) {
			return x, true
		}
	}
	return hit[caiq.Exclusion]{}, false
}

// excludesAll returns the first exclusion of the first bundle whose members are all excluded.
func (v *view) excludesAll(bundles []bundle, asOf caiq.Date) (hit[caiq.Exclusion], bool) {
	for _, b := range bundles {
		var first hit[caiq.Exclusion]
		all := true
		for i, m := range b.members {
			x, ok := v.excludes(m.refs, asOf)
			all = all && ok
			if i == 0 {
				first = x
			}
		}
		if all {
			return first, true
		}
	}
	return hit[caiq.Exclusion]{}, false
}
