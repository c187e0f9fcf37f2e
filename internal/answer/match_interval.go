package answer

// interval is how long it takes until something is done again.
type interval int

// Intervals, the shorter first.
const (
	none interval = iota
	hourly
	daily
	weekly
	monthly
	quarterly
	yearly
)

// intervalOf is the interval that a word names by itself.
func intervalOf(w word) interval {
	switch w.text {
	case "hourly":
		return hourly
	case "daily", "nightly":
		return daily
	case "weekly", "fortnightly":
		return weekly
	case "monthly":
		return monthly
	case "quarterly":
		return quarterly
	case "yearly", "annual", "annually":
		return yearly
	default:
		return none
	}
}

// spanOf is the interval that a word names behind "every" and the like.
func spanOf(w word) interval {
	switch w.text {
	case "hour":
		return hourly
	case "day", "night":
		return daily
	case "week":
		return weekly
	case "month":
		return monthly
	case "quarter":
		return quarterly
	case "year":
		return yearly
	default:
		return none
	}
}

// everyWords stand before the span of an interval.
const everyWords = " every each per a "

// intervalAt returns the interval that is named at a word.
func intervalAt(words []word, i int) interval {
	if n := intervalOf(words[i]); n != none {
		return n
	}
	if i > 0 && oneOf(words[i-1], everyWords) {
		return spanOf(words[i])
	}
	return none
}

// intervalsIn returns the intervals that a text names.
func intervalsIn(words []word) []interval {
	var all []interval
	for i := range words {
		if n := intervalAt(words, i); n != none {
			all = append(all, n)
		}
	}
	return all
}
