// Runs the vector files: interop VECTORS [STRICT]. Prints every difference and the sums; fails at a difference.
package main

import (
	"os"

	"licet.example/interop/licet"
)

func main() {
	arguments := append(os.Args, "")
	if !licet.Run(arguments[1], arguments[2]) {
		os.Exit(1)
	}
}
