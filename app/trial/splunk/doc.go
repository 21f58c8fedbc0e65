// Package splunk is tests of Splunk's side of the protocol: what the command asks for and announces,
// what its halves pass on, what the search's end means, what messages are sent.
package splunk
