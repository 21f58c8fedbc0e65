// Command program is the smallest that has a module of another's in it: what it is made of
// can be listed, and to pack it takes little.
package main

import "golang.org/x/sys/cpu"

func main() {
	if !cpu.Initialized {
		panic("the processor is not known")
	}
}
