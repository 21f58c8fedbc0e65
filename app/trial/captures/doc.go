// Package captures is tests with captures of real machines, and with cases that people sent: the rows
// are those that others counted, by hand or by a scanner of their own.
package captures
