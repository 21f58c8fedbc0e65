// Package trial holds nothing itself. In the folders beneath it the same events go through every
// door (files, Splunk's protocol with and without its map half, plugins, spilled or not) and in
// every order, and give the same rows, which are those that oracles, real captures and the keys of
// generated fleets ask for. A folder is one idea; what several of them need is made by worlds, run
// by doors and executable, and repeated as often as rounds says. Each room's own tests lie beside
// its code.
package trial
