package web_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"caique/internal/app"
)

// load is for how long each load runs, by hand, alone on the machine and one
// engine after the other:
//
//	.ci/postgres go test ./internal/web -run Load -v -parallel 1 -load 20s
var load = flag.Duration("load", 0, "run the load test, each load for so long")

// TestLoad measures the service over real connections and compares the figures
// with what is to be reached.
func TestLoad(t *testing.T) {
	if *load == 0 {
		t.Skip("run it by hand: -load 20s")
	}
	engines(t, func(t *testing.T, db app.Store) {
		l := newLoad(t, db)
		l.memory(t)
		record := l.uploads(t)
		l.uploadsAtOnce(t)
		l.lists(t, record)
		l.saves(t, record)
	})
}

type loading struct {
	ada, sven caller
	base      string
	client    *http.Client
	workbook  []byte
}

func newLoad(t *testing.T, db app.Store) *loading {
	t.Helper()
	w := newWorld(t, db)
	ada := w.setUp()
	sven := ada.person("sven", "reviewer")
	address, server := w.served(t)
	server.ErrorLog = nil
	dir := os.Getenv("CAIQUE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "workbooks")
	}
	data, err := os.ReadFile(filepath.Join(dir, "caiq-v4.0.3-blank-official-2023-09-26.xlsx"))
	if err != nil {
		t.Skipf("the load needs a real CAIQ 4.0.3: %v", err)
	}
	return &loading{
		ada: ada, sven: sven, base: address + "/api/v1/workspaces/" + ada.workspace, workbook: data,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 200}, Timeout: time.Minute},
	}
}

// do sends a request over a connection and returns how long its answer took.
func (l *loading) do(c caller, method, path string, body []byte, headers ...string) (int, http.Header, []byte, time.Duration) {
	r, err := http.NewRequestWithContext(context.Background(), method, l.base+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, 0
	}
	c.identify(r)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	start := time.Now()
	resp, err := l.client.Do(r)
	if err != nil {
		return 0, nil, []byte(err.Error()), time.Since(start)
	}
	data, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return 0, nil, []byte(err.Error()), time.Since(start)
	}
	return resp.StatusCode, resp.Header, data, time.Since(start)
}

func (l *loading) memory(t *testing.T) {
	t.Helper()
	runtime.GC()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Logf("resident memory: %v", err)
		return
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		if strings.HasPrefix(line, "VmRSS") {
			t.Logf("idle, with the tests around it: %s", strings.Join(strings.Fields(line), " "))
		}
	}
}

func (l *loading) upload(customer string) (int, []byte, time.Duration) {
	status, _, data, took := l.do(l.ada, "POST", "/questionnaires?name=CAIQ.xlsx&profile=example-saas&nda=true&customer="+customer, l.workbook)
	return status, data, took
}

// uploads measures one upload after the other and returns the last one's id.
func (l *loading) uploads(t *testing.T) string {
	t.Helper()
	var took []time.Duration
	var last answer
	for i := range 40 {
		status, data, d := l.upload(fmt.Sprint("alone-", i))
		last = answer{t: t, what: "upload", status: status, body: data}
		last.want(http.StatusCreated)
		took = append(took, d)
	}
	report(t, "upload of a 4.0.3 workbook, alone", took, 0.95, 250*time.Millisecond)
	return last.object().text("id")
}

func (l *loading) uploadsAtOnce(t *testing.T) {
	t.Helper()
	took := make([]time.Duration, 100)
	start := time.Now()
	var wg sync.WaitGroup
	for i := range took {
		wg.Go(func() {
			status, data, d := l.upload(fmt.Sprint("together-", i))
			if status != http.StatusCreated {
				t.Errorf("upload %d of 100 at once: status %d: %.200s", i, status, data)
			}
			took[i] = d
		})
	}
	wg.Wait()
	t.Logf("100 uploads at once: %s in all", time.Since(start).Round(time.Millisecond))
	report(t, "each of 100 uploads at once", took, 0.95, 30*time.Second)
}

// atRate calls f at a rate, whether earlier calls are done or not.
func atRate(perSecond int, f func(i int) time.Duration) []time.Duration {
	n := int(load.Seconds() * float64(perSecond))
	took := make([]time.Duration, n)
	pace := time.NewTicker(time.Second / time.Duration(perSecond))
	defer pace.Stop()
	var wg sync.WaitGroup
	for i := range n {
		<-pace.C
		wg.Go(func() { took[i] = f(i) })
	}
	wg.Wait()
	return took
}

func (l *loading) lists(t *testing.T, record string) {
	t.Helper()
	took := atRate(200, func(int) time.Duration {
		status, _, data, d := l.do(l.ada, "GET", "/questionnaires/"+record+"/answers?limit=100", nil)
		if status != http.StatusOK {
			t.Errorf("list: status %d: %.200s", status, data)
		}
		return d
	})
	report(t, "list of 100 at 200 a second", took, 0.99, 50*time.Millisecond)
}

// saves edits and approves answers in turn, twenty writes a second.
func (l *loading) saves(t *testing.T, record string) {
	t.Helper()
	took := atRate(10, func(i int) time.Duration {
		at := fmt.Sprintf("/questionnaires/%s/answers/%d", record, i%250+1)
		_, header, _, _ := l.do(l.ada, "GET", at, nil)
		body := fmt.Sprintf(`{"answer":"yes","ownership":"CSP-owned","description":"Load %d.","customer_responsibilities":""}`, i)
		status, header, data, first := l.do(l.ada, "PUT", at, []byte(body), "If-Match", header.Get("ETag"), "Content-Type", "application/json")
		if status != http.StatusOK {
			t.Errorf("save: status %d: %.200s", status, data)
			return first
		}
		hash := (answer{t: t, what: "save", body: data}).object().text("text_sha256")
		status, _, data, second := l.do(l.sven, "POST", at+"/approve", []byte(`{"text_sha256":"`+hash+`"}`),
			"If-Match", header.Get("ETag"), "Content-Type", "application/json")
		if status != http.StatusOK {
			t.Errorf("approve: status %d: %.200s", status, data)
		}
		return max(first, second)
	})
	report(t, "slower of save and approve at 20 writes a second", took, 0.99, 50*time.Millisecond)
}

// report logs the spread of times and fails the test when the quantile is over
// the target.
func report(t *testing.T, what string, took []time.Duration, quantile float64, target time.Duration) {
	t.Helper()
	slices.Sort(took)
	at := func(q float64) time.Duration {
		return took[min(len(took)-1, int(q*float64(len(took))))].Round(10 * time.Microsecond)
	}
	t.Logf("%s: %d times, p50 %s, p95 %s, p99 %s, most %s", what, len(took), at(0.5), at(0.95), at(0.99), at(1))
	if at(quantile) > target {
		t.Errorf("%s: p%.0f is %s, to be reached is %s", what, 100*quantile, at(quantile), target)
	}
}
