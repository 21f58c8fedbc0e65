// Package pluginv1 is version 1 of the protocol between schtaskhunt and its plugins,
// generated from plugin.proto. Authors of plugins in Go do not need it: package
// plugin is written for them.
//
// The generated files are checked in. To make them again, in this folder, with protoc
// from PyPI (pip install grpcio-tools==1.85.1) and the generators
//
//	go install google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12
//	go install google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.1
//
// on the PATH:
//
//	python3 -m grpc_tools.protoc -I . --go_out=. --go_opt=paths=source_relative --go-grpc_out=. --go-grpc_opt=paths=source_relative plugin.proto
package pluginv1
