package workbook

import (
	"bytes"
	"strconv"
)

// The size of a worksheet (ECMA-376 Part 1, 18.3.1.73 and Excel's published limits).
const (
	maxRow = 1_048_576
	maxCol = 16_384
)

// parseRef reads "C12" as row 12, column 3. Only what spreadsheets write in
// cells counts: capitals, no dollar signs, no leading zero, inside the sheet.
func parseRef(ref []byte) (row, col int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 4 && 'A' <= ref[i] && ref[i] <= 'Z'; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	row, ok = parseRow(ref[i:])
	return row, col, ok && 1 <= col && col <= maxCol
}

// parseRow reads a row number without leading zero.
func parseRow(digits []byte) (int, bool) {
	n, ok := parseIndex(digits)
	return n, ok && digits[0] != '0' && n <= maxRow
}

// parseIndex reads up to nine decimal digits.
func parseIndex(digits []byte) (n int, ok bool) {
	if len(digits) == 0 || len(digits) > 9 {
		return 0, false
	}
	for _, d := range digits {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int(d-'0')
	}
	return n, true
}

// appendRef appends the name of a cell: "C12".
func appendRef(dst []byte, row, col int) []byte {
	return strconv.AppendInt(appendColumn(dst, col), int64(row), 10)
}

func appendColumn(dst []byte, col int) []byte {
	if col > 26 {
		dst = appendColumn(dst, (col-1)/26)
	}
	return append(dst, byte('A'+(col-1)%26))
}

// refName returns the name of a cell: "C12".
func refName(row, col int) string { return string(appendRef(nil, row, col)) }

// parseArea reads "C12", "A2:B3", and whole columns "A:C" and rows "3:5" as they
// occur in ranges of validations and merges. Dollar signs do not matter here.
func parseArea(ref []byte) (area, bool) {
	if bytes.IndexByte(ref, '$') >= 0 {
		ref = bytes.ReplaceAll(ref, []byte("$"), nil)
	}
	first, last, two := bytes.Cut(ref, []byte(":"))
	if !two {
		last = first
	}
	top, left, ok1 := parseRef(first)
	bottom, right, ok2 := parseRef(last)
	if ok1 && ok2 {
		return orderedArea(top, left, bottom, right), true
	}
	if !two {
		return area{}, false
	}
	left, ok1 = parseColumn(first)
	right, ok2 = parseColumn(last)
	if ok1 && ok2 {
		return orderedArea(1, left, maxRow, right), true
	}
	top, ok1 = parseRow(first)
	bottom, ok2 = parseRow(last)
	return orderedArea(top, 1, bottom, maxCol), ok1 && ok2
}

func parseColumn(letters []byte) (int, bool) {
	if len(letters) > 3 {
		return 0, false
	}
	_, col, ok := parseRef(append(append([]byte(nil), letters...), '1'))
	return col, ok
}

func orderedArea(top, left, bottom, right int) area {
	return area{min(top, bottom), min(left, right), max(top, bottom), max(left, right)}
}
