// Package roots is tests of what starts trees: the presets of root= against a slow reading, roots of
// which the command line is lost, and how well what was planted beneath them ranks.
package roots
