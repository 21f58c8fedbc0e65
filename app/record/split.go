package record

// Split cuts a CSV text, without its header, into pieces of whole rows of about
// size bytes: a piece ends with the row in which it reaches size. The pieces are
// slices of body, and together are body. It is what lets two cores read one text.
func Split(body []byte, size int) [][]byte {
	size = max(size, 1)
	pieces := make([][]byte, 0, len(body)/size+1)
	start := 0
	for i := 0; i < len(body); {
		i, _, _ = skipRow(body, i)
		if i-start >= size || i == len(body) {
			pieces = append(pieces, body[start:i:i])
			start = i
		}
	}
	return pieces
}
