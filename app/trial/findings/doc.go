// Package findings is tests of what a person decides by: scores and their words computed anew, ids that
// last, a census in place of days, and proposals that hide what they announce.
package findings
