// Package causes is tests of what made a root start: services, WMI subscriptions, injections, tasks,
// logons and calls of other machines, against the keys of fleets and against a slow reading.
package causes
