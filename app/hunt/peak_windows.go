package hunt

import "runtime"

// peakMemory returns what the process took from the system so far, in bytes. It is a
// little more than what was ever resident.
func peakMemory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
