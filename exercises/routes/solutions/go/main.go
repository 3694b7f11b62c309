package main

import (
	"fmt"
	"log"
	"net/http"
	"strconv"
	"strings"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, "<h1>Index Page</h1>")
	})
	http.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "Hello, World!")
	})
	http.HandleFunc("/user/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "User %s", strings.TrimPrefix(r.URL.Path, "/user/"))
	})
	http.HandleFunc("/post/", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/post/"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, "Post %d", id)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
