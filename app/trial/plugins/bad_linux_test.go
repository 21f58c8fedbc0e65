package plugins_test

import "syscall"

// ownSession has a process leave the group and session of who starts it.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
