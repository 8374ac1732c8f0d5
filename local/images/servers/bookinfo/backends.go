package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

func details(mux *http.ServeMux) {
	healthy(mux, "Details is healthy")
	mux.HandleFunc("GET /details/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, ok := product(w, r)
		if !ok {
			return
		}
		answer(w, http.StatusOK, map[string]any{
			"id": id, "author": "William Shakespeare", "year": 1595, "type": "paperback", "pages": 200,
			"publisher": "PublisherA", "language": "English", "ISBN-10": "1234567890", "ISBN-13": "123-1234567890",
		})
	})
}

type productRatings struct {
	ID      int            `json:"id"`
	Ratings map[string]int `json:"ratings"`
}

func ratings(mux *http.ServeMux) {
	healthy(mux, "Ratings is healthy")
	var added sync.Map
	mux.HandleFunc("GET /ratings/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, ok := product(w, r)
		if !ok {
			return
		}
		if own, found := added.Load(id); found {
			answer(w, http.StatusOK, own)
			return
		}
		answer(w, http.StatusOK, productRatings{id, map[string]int{"Reviewer1": 5, "Reviewer2": 4}})
	})
	mux.HandleFunc("POST /ratings/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, ok := product(w, r)
		if !ok {
			return
		}
		own := productRatings{ID: id}
		if json.NewDecoder(r.Body).Decode(&own.Ratings) != nil {
			answer(w, http.StatusBadRequest, map[string]string{"error": "please provide valid ratings JSON"})
			return
		}
		added.Store(id, own)
		answer(w, http.StatusOK, own)
	})
}

type rating struct {
	Stars int    `json:"stars,omitempty"`
	Color string `json:"color,omitempty"`
	Error string `json:"error,omitempty"`
}

type review struct {
	Reviewer string  `json:"reviewer"`
	Text     string  `json:"text"`
	Rating   *rating `json:"rating,omitempty"`
}

type productReviews struct {
	ID      string   `json:"id"`
	Pod     string   `json:"podname"`
	Cluster string   `json:"clustername"`
	Reviews []review `json:"reviews"`
}

// Version 1 asks for no ratings, 2 shows black stars, 3 red ones: ENABLE_RATINGS and STAR_COLOR, set by the images.
func reviews(mux *http.ServeMux) {
	healthy(mux, "Reviews is healthy")
	rated := os.Getenv("ENABLE_RATINGS") == "true"
	color := env("STAR_COLOR", "black")
	timeout := 2500 * time.Millisecond
	if color == "black" {
		timeout = 10 * time.Second
	}
	mux.HandleFunc("GET /reviews/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, ok := product(w, r)
		if !ok {
			return
		}
		// As the original prints what is not set.
		cluster := env("CLUSTER_NAME", "null")
		body := productReviews{ID: strconv.Itoa(id), Pod: os.Getenv("HOSTNAME"), Cluster: cluster, Reviews: []review{
			{Reviewer: "Reviewer1", Text: "Two pairs of twins and nobody suspects a thing: I laughed all evening."},
			{Reviewer: "Reviewer2", Text: "Fun while it lasts, though he wrote deeper plays later."},
		}}
		if rated {
			var found productRatings
			call(r, address("ratings", "RATINGS"), id, timeout, &found)
			for i := range body.Reviews {
				body.Reviews[i].Rating = stars(found, body.Reviews[i].Reviewer, color)
			}
		}
		answer(w, http.StatusOK, body)
	})
}

func stars(found productRatings, reviewer, color string) *rating {
	if count, ok := found.Ratings[reviewer]; ok {
		return &rating{Stars: count, Color: color}
	}
	return &rating{Error: "Ratings service is currently unavailable"}
}
