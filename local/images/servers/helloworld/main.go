// Helloworld answers as Istio's sample of that name: which version and which pod served the request.
// https://github.com/istio/istio/blob/release-1.31/samples/helloworld/src/app.py
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"istio-lab.local/images/serve"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "Hello version: %s, instance: %s\n", os.Getenv("SERVICE_VERSION"), os.Getenv("HOSTNAME"))
	})
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "Helloworld is healthy")
	})
	if err := serve.Until(":5000", mux); err != nil {
		log.Fatal(err)
	}
}
