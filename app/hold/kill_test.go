package hold

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// spillVariable makes the test binary a program that spills to a folder until it is
// killed.
const spillVariable = "SCHTASKHUNT_TEST_SPILL_TO"

func TestMain(m *testing.M) {
	if folder := os.Getenv(spillVariable); folder != "" {
		spillForever(folder)
	}
	os.Exit(m.Run())
}

// spillForever makes one file after the other, and says when it has the first.
func spillForever(folder string) {
	for seed := uint64(0); ; seed++ {
		set := NewSet(Limit{Bytes: 1, Folder: folder})
		w, m := set.Writer(), newMaker(seed)
		for set.Spilled() == 0 && w.Err() == nil {
			m.add(w)
		}
		if seed == 0 {
			fmt.Println("spilled", w.Err())
		}
		_ = set.Close()
	}
}

// A program that is killed, whenever, leaves no file that the next does not remove.
func TestKilledProgramsLeaveNothing(t *testing.T) {
	folder := t.TempDir()
	for i := range 12 {
		program := exec.Command(os.Args[0])
		program.Env = append(os.Environ(), spillVariable+"="+folder)
		out, err := program.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := program.Start(); err != nil {
			t.Fatal(err)
		}
		if line, _ := bufio.NewReader(out).ReadString('\n'); line != "spilled <nil>\n" {
			t.Errorf("the program says %q", line)
		}
		time.Sleep(time.Duration(i*3) * time.Millisecond) // another moment of its work each time
		_ = program.Process.Kill()
		_ = program.Wait()
		Sweep(folder)
		wantEmpty(t, folder)
	}
}

// What a killed program left is swept away by the next that spills; other files in the
// folder are nobody's business.
func TestSweep(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{filePrefix + "1234", "schtaskhunt.txt", "x" + filePrefix} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, filePrefix+"folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	file, err := newFile(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 3 {
		t.Errorf("left: %v, %v", entries, err)
	}
	for _, e := range entries {
		if !e.IsDir() && strings.HasPrefix(e.Name(), filePrefix) {
			t.Errorf("%s is still there", e.Name())
		}
	}
}
