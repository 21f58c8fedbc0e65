//go:build bench

package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// What this test's own program does when it is started by itself.
const (
	playCopy    = "play-copy"
	playMeasure = "play-measure"
)

// TestMain plays the other processes that the benchmark needs, too.
func TestMain(m *testing.M) {
	role := ""
	if len(os.Args) > 1 {
		role = os.Args[1]
	}
	var err error
	switch role {
	case playCopy:
		err = drop()
	case playMeasure:
		err = measure(os.Args[2:])
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// drop is the other end of the plain pipe copy: it says that it is ready, then reads
// 64 kB at a time and drops them.
func drop() error {
	fmt.Print(".")
	buffer := make([]byte, 64<<10)
	for {
		if _, err := os.Stdin.Read(buffer); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// measure runs a command on its own input and output and writes the cost to file 3.
// Linux counts into a process's peak memory what its parent held when it was started,
// and the benchmark holds whole fleets; this process holds nothing.
func measure(command []string) error {
	report := os.NewFile(3, "cost")
	syscall.CloseOnExec(3)
	c := exec.Command(command[0], command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	start := time.Now()
	if err := c.Start(); err != nil {
		return err
	}
	_ = os.Stdin.Close()
	_ = os.Stdout.Close() // who reads it is to see the command close it
	if err := c.Wait(); err != nil {
		return err
	}
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	return json.NewEncoder(report).Encode(cost{
		Wall: time.Since(start), CPU: c.ProcessState.UserTime() + c.ProcessState.SystemTime(), Memory: usage.Maxrss * 1024,
	})
}
