// Package beacon says how regular contacts are: RITA's scores, for what they are known
// for, and a verdict of our own, in bits, that copes with lost contacts, bursts,
// aggregated rows and short series. It knows times and nothing of what made them.
package beacon
