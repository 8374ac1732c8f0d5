package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"
)

// A proxy ties its spans into one trace only if the application passes these on; the last five carry who is asking.
var forwarded = []string{
	"x-request-id", "traceparent", "tracestate", "b3",
	"x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags",
	"x-ot-span-context", "x-datadog-trace-id", "x-datadog-parent-id", "x-datadog-sampling-priority",
	"x-cloud-trace-context", "grpc-trace-bin", "sw8",
	"end-user", "user-agent", "cookie", "authorization", "jwt",
}

// address is where a service of the sample is: by default its Kubernetes name and port 9080.
func address(service, variable string) string {
	host := env(variable+"_HOSTNAME", service)
	if domain := os.Getenv("SERVICES_DOMAIN"); domain != "" {
		host += "." + domain
	}
	return fmt.Sprintf("http://%s:%s/%s", host, env(variable+"_SERVICE_PORT", "9080"), service)
}

// call asks another service for a product on behalf of a request; into receives the answer if its status is 200.
// Status 500 stands for no answer. Connections are not kept, so that each call is balanced anew.
func call(on *http.Request, url string, id int, timeout time.Duration, into any) int {
	client := &http.Client{Timeout: timeout, Transport: &http.Transport{DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(on.Context(), http.MethodGet, fmt.Sprintf("%s/%d", url, id), nil)
	if err != nil {
		return http.StatusInternalServerError
	}
	for _, name := range forwarded {
		if value := on.Header.Get(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := client.Do(request)
	if err != nil {
		return http.StatusInternalServerError
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK && json.NewDecoder(response.Body).Decode(into) != nil {
		return http.StatusInternalServerError
	}
	return response.StatusCode
}
