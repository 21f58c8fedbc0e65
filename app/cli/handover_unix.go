//go:build unix && !noremote

package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// handedVariable has the number of the descriptor from which secrets are to be read.
const handedVariable = "SCHTASKHUNT_SECRETS_FD"

// secretVariables are the environment variables that hold secrets.
var secretVariables = []string{tokenVariable, passwordVariable, hecVariable}

// mostHanded is what a pipe holds before anybody reads it, with room to spare.
const mostHanded = 32 << 10

// handOver starts this program anew, as the same process, with its secrets in a pipe
// in place of its environment: what a process was started with can be read by every
// process of the same user, such as a plugin. Without secrets in the environment it does
// nothing. arguments are those of the process, the program's name among them.
func handOver(arguments []string) error {
	env, secrets := withoutSecrets(os.Environ())
	if len(secrets) == 0 {
		return nil
	}
	text, err := json.Marshal(secrets)
	if err != nil {
		return err
	}
	if len(text) > mostHanded {
		return errors.New("the secrets in the environment are too long to be kept from plugins: give them in files")
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	kept, err := syscall.Dup(int(r.Fd())) // which stays open in what is started
	if err != nil {
		return err
	}
	return fmt.Errorf("starting without secrets in the environment: %w", syscall.Exec(program, arguments, append(env, handedVariable+"="+strconv.Itoa(kept))))
}

// withoutSecrets parts an environment.
func withoutSecrets(env []string) (rest []string, secrets map[string]string) {
	secrets = map[string]string{}
	for _, v := range env {
		name, value, _ := strings.Cut(v, "=")
		switch {
		case slices.Contains(secretVariables, name) && value != "":
			secrets[name] = value
		case name != handedVariable:
			rest = append(rest, v)
		}
	}
	return rest, secrets
}

// takeOver reads what handOver left. It sets variables of this program's own, which no
// other process sees.
func takeOver() error {
	text := os.Getenv(handedVariable)
	if text == "" {
		return nil
	}
	_ = os.Unsetenv(handedVariable)
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil || number < 3 {
		return fmt.Errorf("%s is no descriptor: %q", handedVariable, text)
	}
	pipe := os.NewFile(uintptr(number), "secrets")
	defer func() { _ = pipe.Close() }()
	content, err := io.ReadAll(io.LimitReader(pipe, mostHanded))
	if err != nil {
		return fmt.Errorf("reading the secrets that were handed over: %w", err)
	}
	var secrets map[string]string
	if json.Unmarshal(content, &secrets) != nil {
		return errors.New("the secrets that were handed over cannot be read")
	}
	for _, name := range secretVariables {
		if value := secrets[name]; value != "" {
			if err := os.Setenv(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}
