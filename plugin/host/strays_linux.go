package host

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// killStrays kills what a plugin that has ended left behind outside of its process
// group: processes of this user that have the mark in the environment that they were
// started with, as all that it starts do unless it takes care that they do not.
func killStrays(mark string) {
	paths, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil || mark == "" {
		return
	}
	for _, path := range paths {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil || pid == os.Getpid() {
			continue
		}
		// Those of other users cannot be read, and are none of ours.
		if env, err := os.ReadFile(path); err == nil && bytes.Contains(env, []byte("="+mark+"\x00")) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}
