package web_test

import (
	"net/http"
	"strconv"
	"testing"
)

// benchRecord is a questionnaire of the size that people send.
func benchRecord(b *testing.B) (caller, string) {
	b.Helper()
	ada := newWorld(b, openMemory(b)).setUp()
	name, data, _ := storyFile(b)
	path := "{w}/questionnaires?profile=example-saas&nda=true&name=" + name
	return ada, "{w}/questionnaires/" + ada.send("POST", path, data).want(http.StatusCreated).object().text("id")
}

func BenchmarkListAnswers(b *testing.B) {
	ada, at := benchRecord(b)
	b.ReportAllocs()
	for b.Loop() {
		ada.send("GET", at+"/answers?limit=100", nil).want(http.StatusOK)
	}
}

func BenchmarkEditAnswer(b *testing.B) {
	ada, at := benchRecord(b)
	revision := 1
	b.ReportAllocs()
	for b.Loop() {
		ada.send("PUT", at+"/answers/1", text(0, revision), "If-Match", tag(revision)).want(http.StatusOK)
		revision++
	}
}

func BenchmarkUpload(b *testing.B) {
	ada, _ := benchRecord(b)
	name, data, _ := storyFile(b)
	n := 0
	for b.Loop() {
		n++
		path := "{w}/questionnaires?profile=example-saas&nda=true&name=" + name + "&customer=" + strconv.Itoa(n)
		ada.send("POST", path, data).want(http.StatusCreated)
	}
}
