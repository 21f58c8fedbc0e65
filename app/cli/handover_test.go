//go:build !noremote

package cli

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// showEnvironment keeps its secrets as remote does, and prints what the system tells
// others of its environment, and then the secrets.
func showEnvironment() int {
	if err := takeOver(); err != nil {
		fmt.Println(err)
		return failed
	}
	others, err := os.ReadFile("/proc/self/environ")
	if err != nil || strings.Contains(string(others), tokenVariable+"=") {
		err = handOver(os.Args)
		fmt.Println("not handed over:", err)
		return failed
	}
	fmt.Printf("others see: %q\n", others)
	for _, name := range []string{tokenVariable, passwordVariable, hecVariable} {
		fmt.Println("own:", os.Getenv(name))
	}
	return done
}

// What a process was started with can be read by every plugin: the secrets are not in
// it, and the process has them nevertheless.
func TestSecretsAreNotInTheEnvironment(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the test looks into /proc")
	}
	cmd := childCommand(t, "a", "b c")
	cmd.Env = append(cmd.Env, childVariable+"="+handingOver, "OTHER=kept")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v; %s", err, out)
	}
	seen, own, _ := strings.Cut(string(out), "own:")
	for _, secret := range []string{token, password, hecToken} {
		if strings.Contains(seen, secret) || !strings.Contains(own, secret) {
			t.Errorf("%.5s...: others see it, or it is lost: %s", secret, out)
		}
	}
	if !strings.Contains(seen, "OTHER=kept") {
		t.Errorf("the rest of the environment is lost: %s", seen)
	}
}

// A descriptor that is none of ours is refused.
func TestHandedNonsense(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("nothing is handed over on Windows")
	}
	for _, number := range []string{"0", "1", "x", "-1", "99999999", "65000"} {
		t.Setenv("SCHTASKHUNT_SECRETS_FD", number)
		if err := takeOver(); err == nil {
			t.Errorf("%q is taken", number)
		}
		if os.Getenv("SCHTASKHUNT_SECRETS_FD") != "" {
			t.Errorf("%q stays", number)
		}
	}
}
