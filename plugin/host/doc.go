// Package host starts plugins and keeps them in bounds. A plugin is a program that an
// administrator put into the app's plugin folder and named, with its SHA-256, in
// schtaskhunt_plugins.conf; nothing else is ever started.
//
// A plugin gets no standard input, no session key, next to no environment and, for
// every batch, a deadline. One that crashes, hangs, floods or answers what cannot be
// is killed, and from then on every call returns the error of that moment at once:
// what it would have said is unknown, and the hunt goes on. None outlives its host,
// even one that is killed.
//
// Nothing here costs anything until Open is called.
package host
