//go:build !linux

package plugins_test

import "syscall"

// ownSession is of no use where what left its group is not found.
func ownSession() *syscall.SysProcAttr { return nil }
