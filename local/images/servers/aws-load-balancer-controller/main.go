// A stand-in for the AWS Load Balancer Controller's process: it runs and is ready, and does nothing else. The local
// cloud makes the load balancers itself, and looks whether this Deployment is available before it does.
package main

import (
	"log"
	"net/http"

	"istio-lab.local/images/serve"
)

// The controller's own address for probes (its flag --health-probe-bind-addr); its other flags are accepted and unused.
const probes = ":61779"

func main() {
	mux := http.NewServeMux()
	ok := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }
	mux.HandleFunc("GET /healthz", ok)
	mux.HandleFunc("GET /readyz", ok)
	if err := serve.Until(probes, mux); err != nil {
		log.Fatal(err)
	}
}
