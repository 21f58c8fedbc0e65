// Package damage is tests of what is broken, or forged to be misread: it is counted, costs nothing
// else, and no row says what no event says.
package damage
