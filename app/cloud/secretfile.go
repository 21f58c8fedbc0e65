package cloud

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// longestSecret is more than any token has; Splunk's are about 1 kB.
const longestSecret = 64 << 10

// ReadSecretFile reads a secret from a file that only its owner can read: others'
// permissions, another owner or anything but a regular file are refused. Blanks and
// line ends around it are dropped. No error holds what the file does.
func ReadSecretFile(name string) (Secret, error) {
	file, err := os.Open(name)
	if err != nil {
		return Secret{}, fmt.Errorf("secret file %q cannot be read: %w", name, bare(err))
	}
	defer func() { _ = file.Close() }()
	// What is open is looked at, not its name: the name may mean another file by then.
	info, err := file.Stat()
	if err != nil {
		return Secret{}, fmt.Errorf("secret file %q cannot be read: %w", name, bare(err))
	}
	if !info.Mode().IsRegular() {
		return Secret{}, fmt.Errorf("secret file %q is not a regular file", name)
	}
	if err := checkPrivate(name, info); err != nil {
		return Secret{}, err
	}
	text, err := io.ReadAll(io.LimitReader(file, longestSecret+1))
	if err != nil {
		return Secret{}, fmt.Errorf("secret file %q cannot be read: %w", name, bare(err))
	}
	return checkSecret(fmt.Sprintf("secret file %q", name), strings.TrimSpace(string(text)))
}

// SecretFromEnv reads a secret from an environment variable; absent if that is not
// set or empty.
func SecretFromEnv(name string) (Secret, error) {
	text := strings.TrimSpace(os.Getenv(name))
	if text == "" {
		return Secret{}, nil
	}
	return checkSecret("environment variable "+name, text)
}

// checkSecret refuses what cannot be sent in a header or a form field.
func checkSecret(where, text string) (Secret, error) {
	switch {
	case text == "":
		return Secret{}, fmt.Errorf("%s is empty", where)
	case len(text) > longestSecret:
		return Secret{}, fmt.Errorf("%s holds more than %d bytes, which is no secret of Splunk's", where, longestSecret)
	case strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 || r == 0x7f }):
		return Secret{}, fmt.Errorf("%s holds more than one line, or control characters", where)
	}
	return NewSecret(text), nil
}

// bare is the cause of an error without the path, which the message has.
func bare(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	return err
}
