package host

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// leaders are the plugins that run, by process id: what each marks its children with. A
// plugin is started, and what another left behind is looked for, one at a time, so that no
// plugin that has just begun is taken for a stray.
var leaders = struct {
	sync.Mutex
	marks map[int]string
}{marks: make(map[int]string)}

// startAdopting starts a plugin. From now on this process is the parent of whatever loses
// its own below it (prctl(2), PR_SET_CHILD_SUBREAPER), so that it can be found.
func startAdopting(cmd *exec.Cmd, mark string) error {
	leaders.Lock()
	defer leaders.Unlock()
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) // a kernel without it leaves more behind
	err := startBound(cmd)
	if err == nil {
		leaders.marks[cmd.Process.Pid] = mark
	}
	return err
}

// What is left is looked for so often, with a pause between: strays of strays come to light
// when their parents have ended.
const (
	mostLooks = 100
	lookAgain = time.Millisecond
)

// killAdopted kills what a plugin that has ended left behind and that came to this process:
// children of it that are in none of its own groups. Those of a plugin that runs, which it
// marked, are left alone.
func killAdopted(ended int) {
	leaders.Lock()
	defer leaders.Unlock()
	delete(leaders.marks, ended)
	for range mostLooks {
		strays := adopted()
		if len(strays) == 0 {
			return
		}
		for _, pid := range strays {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			_, _ = syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
		}
		time.Sleep(lookAgain)
	}
}

// adopted returns the children of this process that it did not start.
func adopted() (all []int) {
	own, self := syscall.Getpgrp(), os.Getpid()
	paths, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range paths {
		pid, parent, group := readStat(path)
		if _, isPlugin := leaders.marks[group]; parent == self && group != own && !isPlugin && !isMarked(pid) {
			all = append(all, pid)
		}
	}
	return all
}

// readStat reads the ids of a process, its parent and its group (proc_pid_stat(5)); its name,
// before them, may hold anything.
func readStat(path string) (pid, parent, group int) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, 0 // it has ended
	}
	var state string
	_, _ = fmt.Sscan(string(text), &pid)
	_, _ = fmt.Sscan(string(text[bytes.LastIndexByte(text, ')')+1:]), &state, &parent, &group)
	return pid, parent, group
}

// isMarked reports whether a process was started by a plugin that runs.
func isMarked(pid int) bool {
	env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		return false
	}
	for _, mark := range leaders.marks {
		if bytes.Contains(env, []byte("="+mark+"\x00")) {
			return true
		}
	}
	return false
}
