package bundle

import (
	"bytes"
	"image"
	paint "image/color"
	"image/png"
	"math"
)

// icons draws the app's icons, in the sizes that Splunk Web asks for. The Alt ones
// stand on a light ground.
func icons() []File {
	dark, light := paint.NRGBA{0x1f, 0x2a, 0x37, 0xff}, paint.NRGBA{0xf2, 0xf4, 0xf5, 0xff}
	sizes := []struct {
		name        string
		side        int
		ground, ink paint.NRGBA
	}{
		{"appIcon.png", 36, dark, light}, {"appIcon_2x.png", 72, dark, light},
		{"appIconAlt.png", 36, light, dark}, {"appIconAlt_2x.png", 72, light, dark},
	}
	files := make([]File, 0, len(sizes))
	for _, icon := range sizes {
		files = append(files, File{"static/" + icon.name, modeFile, draw(icon.side, icon.ground, icon.ink)})
	}
	return files
}

// shape returns the distance of a point from a drawn edge, negative inside. The unit
// is the icon's side.
type shape func(x, y float64) float64

func disc(cx, cy, radius float64) shape {
	return func(x, y float64) float64 { return math.Hypot(x-cx, y-cy) - radius }
}

func line(x0, y0, x1, y1, width float64) shape {
	return func(x, y float64) float64 {
		dx, dy := x1-x0, y1-y0
		t := ((x-x0)*dx + (y-y0)*dy) / (dx*dx + dy*dy)
		t = math.Max(0, math.Min(1, t))
		return math.Hypot(x-x0-t*dx, y-y0-t*dy) - width/2
	}
}

// plate is the rounded square behind it all.
func plate(x, y float64) float64 {
	const half, corner = 0.48, 0.14
	dx, dy := math.Abs(x-0.5)-half+corner, math.Abs(y-0.5)-half+corner
	return math.Hypot(math.Max(dx, 0), math.Max(dy, 0)) + math.Min(math.Max(dx, dy), 0) - corner
}

// A task starts one process that starts two, of which one calls out.
var (
	tree = []shape{
		line(0.26, 0.26, 0.26, 0.72, 0.06), line(0.26, 0.49, 0.50, 0.49, 0.06), line(0.26, 0.72, 0.50, 0.72, 0.06),
		disc(0.26, 0.26, 0.11), disc(0.50, 0.72, 0.08),
	}
	call = []shape{
		disc(0.50, 0.49, 0.09), line(0.55, 0.44, 0.80, 0.19, 0.07),
		line(0.80, 0.19, 0.64, 0.19, 0.07), line(0.80, 0.19, 0.80, 0.35, 0.07),
	}
	signal = paint.NRGBA{0xf0, 0x58, 0x1f, 0xff}
)

func draw(side int, ground, ink paint.NRGBA) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			fx, fy := (float64(x)+0.5)/float64(side), (float64(y)+0.5)/float64(side)
			cover := func(s shape) float64 { return math.Max(0, math.Min(1, 0.5-s(fx, fy)*float64(side))) }
			c := ground
			for _, s := range tree {
				c = mix(c, ink, cover(s))
			}
			for _, s := range call {
				c = mix(c, signal, cover(s))
			}
			c.A = uint8(255*cover(plate) + 0.5)
			img.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // a buffer takes everything
	return b.Bytes()
}

func mix(a, b paint.NRGBA, share float64) paint.NRGBA {
	blend := func(x, y uint8) uint8 { return uint8(float64(x)*(1-share) + float64(y)*share + 0.5) }
	return paint.NRGBA{blend(a.R, b.R), blend(a.G, b.G), blend(a.B, b.B), 0xff}
}
