// Package trial is tests only: the same events through every door (files, Splunk's
// protocol with and without its map half, plugins, spilled or not) and in every order
// give the same rows, and the rows are those that oracles, real captures and the keys of
// generated fleets ask for. Each room's own tests lie beside its code.
package trial
