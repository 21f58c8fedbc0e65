//go:build bench

package beacon

import (
	"fmt"
	"strings"
)

// The picture's measures, in pixels.
const (
	cellWide, cellHigh = 42, 20
	labelWide, top     = 110, 64
	between            = 34
)

// picture draws the cells as maps of heat: one for each way and loss, ours above RITA's.
func (c *curves) picture() string {
	wide := labelWide + len(curveLosses)*(len(curveJitters)*cellWide+between)
	one := len(curveTimes)*cellHigh + 48
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">`+"\n", wide, top+4*one)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="white"/><text x="10" y="20" font-size="15">Detected of 100 at 1 %% false alarms: ours, and RITA's time score; periods kept by a clock or by sleeping</text>`+"\n")
	row := 0
	for _, w := range curveWays {
		for _, ours := range []bool{true, false} {
			for i, loss := range curveLosses {
				x, y := labelWide+i*(len(curveJitters)*cellWide+between), top+row*one
				c.heat(&b, x, y, w, loss, ours, i == 0)
			}
			row++
		}
	}
	return b.String() + "</svg>\n"
}

// heat draws one map.
func (c *curves) heat(b *strings.Builder, x, y int, w way, loss float64, ours, labels bool) {
	who := "RITA"
	if ours {
		who = "ours"
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" font-weight="bold">%s: %s, %.0f %% lost</text>`+"\n", x, y-16, who, w.name, 100*loss)
	for j, jitter := range curveJitters {
		fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">± %.0f %%</text>`+"\n", x+j*cellWide+cellWide/2, y-3, 100*jitter)
	}
	for i, at := range curveTimes {
		if labels {
			fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", x-6, y+i*cellHigh+14, at.name)
		}
		for j, jitter := range curveJitters {
			cell := c.cells[cellName(w, at, jitter, loss)]
			value := cell.rita
			if ours {
				value = cell.ours
			}
			drawCell(b, x+j*cellWide, y+i*cellHigh, value)
		}
	}
}

// drawCell paints a share of a hundred from white to a dark blue, with its number.
func drawCell(b *strings.Builder, x, y int, value float64) {
	fade := func(to float64) int { return int(255 - value/100*(255-to)) }
	ink := "black"
	if value > 55 {
		ink = "white"
	}
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="rgb(%d,%d,%d)" stroke="#ccc"/><text x="%d" y="%d" text-anchor="middle" fill="%s">%.0f</text>`+"\n",
		x, y, cellWide, cellHigh, fade(20), fade(70), fade(130), x+cellWide/2, y+14, ink, value)
}
