// Bookinfo is Istio's sample of four services in one executable: SERVICE says which one it is. Paths, answers, calls
// and environment are those of https://github.com/istio/istio/tree/release-1.31/samples/bookinfo/src.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"

	"istio-lab.local/images/serve"
)

func main() {
	services := map[string]func(*http.ServeMux){
		"productpage": productpage,
		"details":     details,
		"reviews":     reviews,
		"ratings":     ratings,
	}
	service, known := services[os.Getenv("SERVICE")]
	if !known {
		log.Fatalf("SERVICE must be productpage, details, reviews or ratings, not %q", os.Getenv("SERVICE"))
	}
	mux := http.NewServeMux()
	service(mux)
	if err := serve.Until(":9080", mux); err != nil {
		log.Fatal(err)
	}
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}

// The product in a path, or false after having answered that it must be a number.
func product(w http.ResponseWriter, r *http.Request) (int, bool) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"error": "please provide numeric product id"})
	}
	return id, err == nil
}

func healthy(mux *http.ServeMux, text string) {
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": text})
	})
}
