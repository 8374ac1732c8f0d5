package main

import (
	"encoding/json"
	"html/template"
	"log"
	"net/http"
	"strings"
	"time"
)

const title = "The Comedy of Errors"

var page = template.Must(template.New("productpage").Funcs(template.FuncMap{
	"repeat": strings.Repeat,
}).Parse(`<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Simple Bookstore App</title></head>
<body>
<h1>{{.Title}}</h1>
<h2>Book Details</h2>
{{if .Details}}<dl>{{range $name, $value := .Details}}<dt>{{$name}}</dt><dd>{{$value}}</dd>{{end}}</dl>
{{else}}<p>Sorry, product details are currently unavailable for this book.</p>
{{end}}<h2>Book Reviews</h2>
{{if .Reviews}}{{range .Reviews.Reviews}}<blockquote><p>{{.Text}}</p><small>{{.Reviewer}}</small>
{{with .Rating}}{{if .Error}}<p>{{.Error}}</p>{{else}}<font color="{{.Color}}">{{repeat "★" .Stars}}</font>{{end}}
{{end}}</blockquote>
{{end}}<p>Reviews served by: {{.Reviews.Pod}} {{if ne .Reviews.Cluster "null"}}on {{.Reviews.Cluster}}{{end}}</p>
{{else}}<p>Sorry, product reviews are currently unavailable for this book.</p>
{{end}}</body></html>
`))

type view struct {
	Title   string
	Details map[string]any
	Reviews *productReviews
}

func productpage(mux *http.ServeMux) {
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		if _, err := w.Write([]byte("Product page is healthy")); err != nil {
			log.Print(err)
		}
	})
	mux.HandleFunc("GET /productpage", func(w http.ResponseWriter, r *http.Request) {
		shown := view{Title: title}
		askDetails(r, 0, &shown.Details)
		var found productReviews
		if askReviews(r, 0, &found) == http.StatusOK {
			shown.Reviews = &found
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := page.Execute(w, shown); err != nil {
			log.Print(err)
		}
	})
	mux.HandleFunc("GET /api/v1/products", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, []map[string]any{{"id": 0, "title": title}})
	})
	relay(mux, "GET /api/v1/products/{id}", "details", askDetails)
	relay(mux, "GET /api/v1/products/{id}/reviews", "reviews", askReviews)
	relay(mux, "GET /api/v1/products/{id}/ratings", "ratings", askRatings)
}

func askDetails(r *http.Request, id int, into any) int {
	return call(r, address("details", "DETAILS"), id, 3*time.Second, into)
}

// Asks twice, as the original does on purpose: Istio's fault injection task is about the timeouts that this makes.
func askReviews(r *http.Request, id int, into any) int {
	status := call(r, address("reviews", "REVIEWS"), id, 3*time.Second, into)
	if status != http.StatusOK {
		status = call(r, address("reviews", "REVIEWS"), id, 3*time.Second, into)
	}
	return status
}

func askRatings(r *http.Request, id int, into any) int {
	return call(r, address("ratings", "RATINGS"), id, 3*time.Second, into)
}

// relay answers with what another service says about a product, or that it is not available.
func relay(mux *http.ServeMux, pattern, what string, ask func(*http.Request, int, any) int) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		id, ok := product(w, r)
		if !ok {
			return
		}
		var found json.RawMessage
		status := ask(r, id, &found)
		if status == http.StatusOK {
			answer(w, status, found)
			return
		}
		answer(w, status, map[string]string{"error": "Sorry, product " + what + " are currently unavailable for this book."})
	})
}
