package main

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"caique/internal/caiq"
	"caique/internal/mapping"
)

// settings are those of caique serve. Flags, environment (CAIQUE_ and the name
// in capitals, _ for -) and the configuration file have the same names; the
// first of them that says something counts.
type settings struct {
	config       string
	data         string
	database     string
	databaseFile string
	listen       string
	origin       string
	proxies      []string
	tlsCert      string
	tlsKey       string
	insecureHTTP bool
	logLevel     string
	demo         bool
	printConfig  bool
}

func (s *settings) register(f *pflag.FlagSet) {
	f.StringVar(&s.config, "config", "", "YAML file with these settings by the same names")
	registerData(f, &s.data, &s.database)
	f.StringVar(&s.databaseFile, "database-file", "", "file that holds the value of --database, for addresses with a password")
	f.StringVar(&s.listen, "listen", "127.0.0.1:8080", "address and port to listen on; port 0 takes a free one")
	f.StringVar(&s.origin, "origin", "", "address under which people reach it, as https://caique.example.com")
	f.StringSliceVar(&s.proxies, "trusted-proxies", nil, "addresses or networks whose X-Forwarded-For is believed")
	f.StringVar(&s.tlsCert, "tls-cert", "", "certificate chain in PEM, to serve TLS itself")
	f.StringVar(&s.tlsKey, "tls-key", "", "private key in PEM that goes with --tls-cert")
	f.BoolVar(&s.insecureHTTP, "insecure-http", false, "allow plain HTTP on other addresses than loopback, behind a proxy that speaks TLS")
	f.StringVar(&s.logLevel, "log-level", "info", "debug, info, warn or error")
	f.BoolVar(&s.demo, "demo", false, "run in memory with two questionnaires in review, on loopback alone; nothing is kept")
	f.BoolVar(&s.printConfig, "print-config", false, "print the settings in force, secrets masked, and stop")
}

// registerData has the flags that say where an installation lives.
func registerData(f *pflag.FlagSet, data, database *string) {
	f.StringVar(data, "data", "data", "folder of the database, the checkpoints and the key that signs them")
	f.StringVar(database, "database", "", "SQLite file, or postgres://… (default: caique.db in the folder --data)")
}

// unsettable are flags that a configuration file or environment has no say in.
var unsettable = []string{"help", "print-config"}

// complete fills flags that the command line leaves out from the environment,
// then from the configuration file, and checks the result.
func (s *settings) complete(cmd *cobra.Command) error {
	if err := fromEnvironment(cmd.Flags()); err != nil {
		return err
	}
	if s.config != "" {
		if err := fromFile(cmd.Flags(), s.config); err != nil {
			return err
		}
	}
	return s.check()
}

func fromEnvironment(flags *pflag.FlagSet) error {
	var err error
	flags.VisitAll(func(f *pflag.Flag) {
		name := "CAIQUE_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, ok := os.LookupEnv(name)
		if err != nil || !ok || f.Changed || slices.Contains(unsettable, f.Name) {
			return
		}
		if e := flags.Set(f.Name, value); e != nil {
			err = usagef("%s in the environment: %s", name, e)
		}
	})
	return err
}

func fromFile(flags *pflag.FlagSet, path string) error {
	data, err := readFile(path, mapping.MaxFileSize)
	if err != nil {
		return err
	}
	var doc map[string]yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return caiq.Errorf(caiq.Invalid, "bad_config", "%s: %s", path, err)
	}
	var problems caiq.Problems
	for _, name := range sorted(doc) {
		node := doc[name]
		if p := setFlag(flags, name, &node); p != "" {
			problems = append(problems, caiq.Problem{File: path, Line: node.Line, Field: name, Code: "bad_config", Message: p})
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func sorted(doc map[string]yaml.Node) []string {
	names := make([]string, 0, len(doc))
	for name := range doc {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// setFlag sets a flag from the file unless it is set already; it returns what is wrong.
func setFlag(flags *pflag.FlagSet, name string, node *yaml.Node) string {
	f := flags.Lookup(name)
	if f == nil || f.Name == "config" || slices.Contains(unsettable, name) {
		return "there is no such setting"
	}
	if f.Changed {
		return ""
	}
	var value string
	switch node.Kind {
	case yaml.ScalarNode:
		value = node.Value
	case yaml.SequenceNode:
		var list []string
		if err := node.Decode(&list); err != nil || f.Value.Type() != "stringSlice" {
			return "this setting is no list"
		}
		value = strings.Join(list, ",")
	default:
		return "this setting takes a single value"
	}
	if err := flags.Set(name, value); err != nil {
		return err.Error()
	}
	return ""
}

func (s *settings) check() error {
	if s.databaseFile != "" {
		if s.database != "" {
			return usagef("--database and --database-file are given: one of them is enough")
		}
		address, err := readFile(s.databaseFile, 64<<10)
		if err != nil {
			return err
		}
		s.database = strings.TrimSpace(string(address))
	}
	if (s.tlsCert == "") != (s.tlsKey == "") {
		return usagef("--tls-cert and --tls-key go together")
	}
	host, _, err := net.SplitHostPort(s.listen)
	if err != nil {
		return usagef("--listen is %q; it takes an address and a port, as 127.0.0.1:8080", s.listen)
	}
	switch {
	case s.demo && !isLoopback(host):
		return usagef("--demo has a known password and listens on loopback alone, not on %q", s.listen)
	case s.tlsCert == "" && !s.insecureHTTP && !isLoopback(host):
		return usagef("plain HTTP on %q would send passwords in the clear: give --tls-cert and --tls-key, or --insecure-http behind a proxy that speaks TLS", s.listen)
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// databaseAddress is the database in force.
func databaseAddress(data, database string) string {
	if database != "" {
		return database
	}
	return filepath.Join(data, "caique.db")
}

// print writes the settings in force as a configuration file.
func (s *settings) print(w io.Writer, flags *pflag.FlagSet) error {
	var err error
	flags.VisitAll(func(f *pflag.Flag) {
		if err != nil || f.Name == "config" || slices.Contains(unsettable, f.Name) {
			return
		}
		var value any = f.Value.String()
		if f.Value.Type() == "bool" {
			value = f.Value.String() == "true"
		}
		switch f.Name {
		case "database":
			value = masked(databaseAddress(s.data, s.database))
		case "database-file":
			value = "" // its content is in force as database
		case "trusted-proxies":
			value = s.proxies
		}
		var line []byte
		if line, err = yaml.Marshal(map[string]any{f.Name: value}); err == nil {
			fmt.Fprint(w, string(line))
		}
	})
	return err
}

// masked hides the secrets of a database address.
func masked(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(masked)"
	}
	if u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return address
	}
	q := u.Query()
	for name := range q {
		if strings.Contains(name, "password") || strings.Contains(name, "secret") {
			q.Set(name, "xxxxx")
		}
	}
	u.RawQuery = q.Encode()
	return u.Redacted()
}
