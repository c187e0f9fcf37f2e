package workbook

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRead_sections wants the heading of each question: from rows of their own,
// from headers that begin a section, from cells that name domain and control.
func TestRead_sections(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rows []string
		want []string // domain / section
	}{
		"a row of its own": {
			[]string{"ID|Question|Answer", "Ships", "1|Do you sail?", "Boats", "2|Do you row?"},
			[]string{" / Ships", " / Boats"},
		},
		"a header that repeats": {
			[]string{"Read this first", " Ships||Answer|Comments", "SHIP-01|Do you sail?", "SHIP-02|Do you steer?", " Questions on boats||Answer|Comments", "BOAT-01|Do you row?"},
			[]string{" / Ships", " / Ships", " / Questions on boats"},
		},
		"a header that says the same again": {
			[]string{"Nr|Enquiry|Answer|Comments", "SHIP-01|Do you sail?", "SHIP-02|Do you steer?", "Nr|Enquiry|Answer|Comments", "BOAT-01|Do you row?"},
			[]string{" / ", " / ", " / "},
		},
		"a header over two rows": {
			[]string{"About us||Vendor", "Code|Question|Answer|Comments", "SHIP-01|Do you sail?", "SHIP-02|Do you steer?"},
			[]string{" / ", " / "},
		},
		"a domain and the title of a control": {
			[]string{"Control Domain|ID|Question|Answer", "Ships\nSails|1|Do you sail?", "Ships\nWheel|2|Do you steer?", "Ships\nAnchor|3|Do you stay?", "Boats\nOars|4|Do you row?"},
			[]string{"Ships / Sails", "Ships / Wheel", "Ships / Anchor", "Boats / Oars"},
		},
		"domains on two lines": {
			[]string{"Control Domain|ID|Question|Answer", "Ships and\nsails|1|Do you sail?", "Wheels and\nrudders|2|Do you steer?", "Wheels and\nrudders|3|Do you turn?"},
			[]string{"Ships and sails / ", "Wheels and rudders / ", "Wheels and rudders / "},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := read(t, bookOf(t, nil, test.rows...), &catalogOf{}, nil)
			var got []string
			for _, x := range q.Questions {
				got = append(got, x.Domain+" / "+x.Section)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("headings (-want +got):\n%s", diff)
			}
		})
	}
}
