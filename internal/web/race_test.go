package web_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"caique/internal/app"
)

// TestAnswers_race has fifty reviewers save one answer at once, again and again:
// exactly one is let through each time, and the history agrees.
func TestAnswers_race(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, db app.Store) {
		const reviewers, rounds = 50, 4
		w := newWorld(t, db)
		ada := w.setUp()
		at := "{w}/questionnaires/" + ada.upload("One") + "/answers/1"
		won := []string{}
		for round := range rounds {
			match := ada.send("GET", at, nil).want(http.StatusOK).header.Get("ETag")
			statuses := make([]int, reviewers)
			var wg sync.WaitGroup
			for i := range reviewers {
				wg.Go(func() {
					statuses[i] = ada.send("PUT", at, text(round, i), "If-Match", match).status
				})
			}
			wg.Wait()
			winner := -1
			for i, status := range statuses {
				switch {
				case status == http.StatusOK && winner < 0:
					winner = i
				case status != http.StatusPreconditionFailed:
					t.Errorf("round %d: status %d beside the winner %d", round, status, winner)
				}
			}
			if winner < 0 {
				t.Fatalf("round %d: nobody was let through", round)
			}
			won = append(won, text(round, winner)["description"].(string))
		}
		history := ada.send("GET", at+"/history", nil).want(http.StatusOK).items()
		if len(history) != rounds+1 {
			t.Fatalf("%d revisions after %d changes", len(history), rounds)
		}
		for i, want := range won {
			if got := history[i+1].text("description"); got != want || history[i+1].number("revision") != i+2 {
				t.Errorf("revision %d holds %q, acknowledged was %q", i+2, got, want)
			}
		}
	})
}

// TestAssign_race has twenty assign one question at once: one is let through.
func TestAssign_race(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, db app.Store) {
		ada := newWorld(t, db).setUp()
		at := "{w}/questionnaires/" + ada.upload("One")
		statuses := make([]int, 20)
		var wg sync.WaitGroup
		for i := range statuses {
			wg.Go(func() {
				user := []string{ada.id, ""}[i%2]
				statuses[i] = ada.send("POST", at+"/answers/assign", fields{"n": []int{1, 2}, "user": user}, "If-Match", `"1"`).status
			})
		}
		wg.Wait()
		won := 0
		for i, status := range statuses {
			if status == http.StatusOK {
				won++
			} else if status != http.StatusPreconditionFailed {
				t.Errorf("assignment %d: status %d", i, status)
			}
		}
		if won != 1 {
			t.Errorf("%d were let through", won)
		}
		ada.send("POST", at+"/answers/assign", fields{"n": []int{1}, "user": ""}).problem(http.StatusPreconditionRequired, "if_match_required")
		if v := ada.send("POST", "{w}/trail/verify", nil).want(http.StatusOK).object(); v["ok"] != true {
			t.Errorf("the trail: %v", v)
		}
	})
}

func text(round, i int) fields {
	return fields{
		"answer": "yes", "ownership": "CSP-owned", "description": fmt.Sprintf("Round %d, reviewer %d.", round, i), "customer_responsibilities": "",
	}
}

// TestUpload_race uploads a hundred files at once, and one file fifty times.
func TestUpload_race(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, db app.Store) {
		w := newWorld(t, db)
		ada := w.setUp()
		data := sample(t)
		var wg sync.WaitGroup
		statuses := make([]int, 150)
		for i := range statuses {
			customer := strconv.Itoa(i)
			if i >= 100 {
				customer = "same"
			}
			wg.Go(func() {
				statuses[i] = ada.send("POST", "{w}/questionnaires?name=a.xlsx&profile=example-saas&customer="+customer, data).status
			})
		}
		wg.Wait()
		made := 0
		for i, status := range statuses {
			if status == http.StatusCreated && i >= 100 {
				made++
			}
			if status != http.StatusCreated && (i < 100 || status != http.StatusOK) {
				t.Errorf("upload %d: status %d", i, status)
			}
		}
		if made != 1 {
			t.Errorf("the same file was stored %d times", made)
		}
	})
}
