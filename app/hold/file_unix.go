//go:build !windows

package hold

import (
	"errors"
	"os"
)

// create makes a file that only its owner may read, and takes its name away at once.
func create(folder string) (*os.File, error) {
	file, err := os.CreateTemp(folder, filePrefix+"*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
