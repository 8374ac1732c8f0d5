package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// start runs one service and lets the others find it, as Kubernetes' environment would.
func start(t *testing.T, variable string, service func(*http.ServeMux)) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	service(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	host, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(variable+"_HOSTNAME", host)
	t.Setenv(variable+"_SERVICE_PORT", port)
	return server
}

func get(t *testing.T, url string, header http.Header) (int, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestProductpageShowsDetailsAndRatedReviews(t *testing.T) {
	t.Setenv("ENABLE_RATINGS", "true")
	t.Setenv("STAR_COLOR", "red")
	t.Setenv("HOSTNAME", "reviews-pod")
	start(t, "RATINGS", ratings)
	start(t, "DETAILS", details)
	start(t, "REVIEWS", reviews)
	page := start(t, "PRODUCTPAGE", productpage)
	status, body := get(t, page.URL+"/productpage", nil)
	if status != http.StatusOK {
		t.Fatal(status)
	}
	for _, part := range []string{"William Shakespeare", "Reviewer2", `<font color="red">★★★★★</font>`, "reviews-pod"} {
		if !strings.Contains(body, part) {
			t.Errorf("the page lacks %q:\n%s", part, body)
		}
	}
}

func TestProductpageSaysWhatIsUnavailable(t *testing.T) {
	t.Setenv("ENABLE_RATINGS", "true")
	gone := func(*http.ServeMux) {}
	start(t, "RATINGS", gone)
	start(t, "DETAILS", gone)
	start(t, "REVIEWS", reviews)
	page := start(t, "PRODUCTPAGE", productpage)
	_, body := get(t, page.URL+"/productpage", nil)
	for _, part := range []string{"product details are currently unavailable", "Ratings service is currently unavailable"} {
		if !strings.Contains(body, part) {
			t.Errorf("the page lacks %q:\n%s", part, body)
		}
	}
	if status, _ := get(t, page.URL+"/api/v1/products/0", nil); status != http.StatusNotFound {
		t.Errorf("a missing backend's status is passed on, not %d", status)
	}
}

func TestFirstVersionOfReviewsAsksForNoRatings(t *testing.T) {
	start(t, "RATINGS", func(mux *http.ServeMux) {
		mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) { t.Error("ratings were asked for") })
	})
	server := start(t, "REVIEWS", reviews)
	_, body := get(t, server.URL+"/reviews/0", nil)
	var found productReviews
	if err := json.Unmarshal([]byte(body), &found); err != nil || len(found.Reviews) != 2 || found.Reviews[0].Rating != nil {
		t.Errorf("%v %s", err, body)
	}
}

func TestTraceHeadersAreForwardedAndOthersAreNot(t *testing.T) {
	t.Setenv("ENABLE_RATINGS", "true")
	var seen http.Header
	start(t, "RATINGS", func(mux *http.ServeMux) {
		mux.HandleFunc("/", func(_ http.ResponseWriter, r *http.Request) { seen = r.Header })
	})
	server := start(t, "REVIEWS", reviews)
	get(t, server.URL+"/reviews/0", http.Header{"Traceparent": {"00-a-b-01"}, "End-User": {"jason"}, "X-Other": {"1"}})
	if seen.Get("traceparent") != "00-a-b-01" || seen.Get("end-user") != "jason" || seen.Get("x-other") != "" {
		t.Errorf("%v", seen)
	}
}

func TestRatingsKeepWhatIsPostedAndRefuseNonsense(t *testing.T) {
	server := start(t, "RATINGS", ratings)
	for body, status := range map[string]int{`{"Reviewer1": 1}`: http.StatusOK, `nonsense`: http.StatusBadRequest} {
		response, err := http.Post(server.URL+"/ratings/7", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != status {
			t.Errorf("%s: %d", body, response.StatusCode)
		}
	}
	if _, body := get(t, server.URL+"/ratings/7", nil); !strings.Contains(body, `{"Reviewer1":1}`) {
		t.Error(body)
	}
	if status, _ := get(t, server.URL+"/ratings/x", nil); status != http.StatusBadRequest {
		t.Error(status)
	}
}
