// Command k6 is k6 with the module k6/x/a2a and the output a2a built in.
package main

import (
	"go.k6.io/k6/v2/cmd"

	_ "a2a-gauntlet/load/k6-extension/a2a"
)

func main() {
	cmd.Execute()
}
