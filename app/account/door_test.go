package account

import "testing"

// A message names an option as who reads it would write it.
func TestOptionsAsTheirDoorHasThem(t *testing.T) {
	for door, want := range map[Door]string{Search: "max_devices=5", Files: "--max-devices 5", Remote: "--max-devices 5"} {
		if got := door.Option("max_devices", "5"); got != want {
			t.Errorf("door %d: %s, want %s", door, got, want)
		}
	}
}
