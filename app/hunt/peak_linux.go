package hunt

import (
	"bytes"
	"fmt"
	"os"
)

// peakMemory returns the most memory that the process ever had resident, in bytes; 0
// when the system does not tell. getrusage counts what the process that started this one
// had at that moment (a splunkd with gigabytes); VmHWM in proc(5) is the program's own.
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kB int64
	if _, line, told := bytes.Cut(status, []byte("VmHWM:")); told {
		_, _ = fmt.Sscan(string(line), &kB) // 0 where there is no number
	}
	return kB << 10
}
