package hold

import (
	"crypto/rand"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// create makes a file that Windows deletes when its last handle is closed, be it
// because the program was killed.
func create(folder string) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(filepath.Join(folder, filePrefix+rand.Text()))
	if err != nil {
		return nil, err
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, windows.FILE_SHARE_DELETE, nil,
		windows.CREATE_NEW, windows.FILE_ATTRIBUTE_TEMPORARY|windows.FILE_FLAG_DELETE_ON_CLOSE, 0)
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: folder, Err: err}
	}
	return os.NewFile(uintptr(handle), filePrefix), nil
}
