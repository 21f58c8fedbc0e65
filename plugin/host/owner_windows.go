package host

import "io/fs"

// checkOwner allows everything: who may write to a file is in its access control list,
// which on Windows the installation of Splunk sets for the whole of its folder.
func checkOwner(fs.FileInfo) error { return nil }
