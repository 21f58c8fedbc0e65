// Package shares is tests of a fleet that is hunted in shares: together they have the rows of one hunt.
package shares
