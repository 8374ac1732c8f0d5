// etcd's release builds it from a module that the Go proxy cannot serve alone; its server library holds the whole command.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() {
	etcdmain.Main(os.Args)
}
