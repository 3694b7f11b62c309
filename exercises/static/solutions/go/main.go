package main

import (
	"html/template"
	"io/fs"
	"log"
	"net/http"
	"os"
	"strings"
)

var templates = template.Must(template.ParseGlob("templates/*.html"))

// filesOf hands out the files of a folder, and no list of them.
func filesOf(prefix, folder string) http.Handler {
	return http.StripPrefix(prefix, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info, err := fs.Stat(os.DirFS(folder), r.URL.Path)
		if err != nil || info.IsDir() {
			http.NotFound(w, r)
			return
		}
		http.FileServer(http.Dir(folder)).ServeHTTP(w, r)
	}))
}

func page(w http.ResponseWriter, name, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := templates.ExecuteTemplate(w, name, text); err != nil {
		log.Print(err)
	}
}

func main() {
	http.Handle("/static/", filesOf("/static/", "static"))
	http.Handle("/files/", filesOf("/files/", "files"))
	http.HandleFunc("/hello/", func(w http.ResponseWriter, r *http.Request) {
		page(w, "hello.html", strings.TrimPrefix(r.URL.Path, "/hello/"))
	})
	http.HandleFunc("/search", func(w http.ResponseWriter, r *http.Request) {
		page(w, "search.html", r.URL.Query().Get("q"))
	})
	port := os.Getenv("PORT")
	if port == "" {
		port = "5000"
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
