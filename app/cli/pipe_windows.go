package cli

// ignoreClosedPipe does nothing: a closed pipe is an error on Windows anyway.
func ignoreClosedPipe() {}
