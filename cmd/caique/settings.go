package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

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
	hosts        []string
	proxies      []string
	tlsCert      string
	tlsKey       string
	insecureHTTP bool
	logLevel     string
	drain        time.Duration
	demo         bool
	newKey       bool
	acceptLoss   bool
	printConfig  bool
}

func (s *settings) register(f *pflag.FlagSet) {
	f.StringVar(&s.config, "config", "", "YAML file with these settings by the same names")
	registerData(f, &s.data, &s.database)
	f.StringVar(&s.databaseFile, "database-file", "", "file that holds the value of --database, for addresses with a password")
	f.StringVar(&s.listen, "listen", "127.0.0.1:8080", "address and port to listen on; port 0 takes a free one")
	f.StringVar(&s.origin, "origin", "", "address under which people reach it, as https://caique.example.com")
	f.StringSliceVar(&s.hosts, "allowed-hosts", nil, "further names by which it is reached; requests to others are refused where --origin or these are given, or it listens on loopback")
	f.StringSliceVar(&s.proxies, "trusted-proxies", nil, "addresses or networks (CIDR) whose X-Forwarded-For is believed; none by default")
	f.StringVar(&s.tlsCert, "tls-cert", "", "certificate chain in PEM, to serve TLS itself")
	f.StringVar(&s.tlsKey, "tls-key", "", "private key in PEM that goes with --tls-cert")
	f.BoolVar(&s.insecureHTTP, "insecure-http", false, "allow plain HTTP on other addresses than loopback, behind a proxy that speaks TLS")
	f.StringVar(&s.logLevel, "log-level", "info", "debug, info, warn or error")
	f.DurationVar(&s.drain, "drain", 5*time.Second, "how long to answer on after being told to stop, with 503 at /readyz, so that whoever shares out requests looks elsewhere; a second signal stops at once")
	f.BoolVar(&s.demo, "demo", false, "run in memory with two questionnaires in review, on loopback alone; nothing is kept")
	f.BoolVar(&s.acceptLoss, "accept-loss", false, "go on with a database that lacks events which checkpoints in the folder --data signed; the trail records which are lost")
	f.BoolVar(&s.newKey, "new-key", false, "let the key of the folder --data, made where there is none, take over a database that another key signed; the trail records it")
	f.BoolVar(&s.printConfig, "print-config", false, "print the settings in force, secrets masked, and stop")
}

// registerData has the flags that say where an installation lives.
func registerData(f *pflag.FlagSet, data, database *string) {
	f.StringVar(data, "data", "data", "folder of the database, the checkpoints and the key that signs them")
	f.StringVar(database, "database", "", "SQLite file, or postgres://… (default: caique.db in the folder --data)")
}

// findData completes where an installation lives from the environment that its
// service has too.
func findData(cmd *cobra.Command, _ []string) error {
	return fromEnvironment(cmd.Flags(), "data", "database")
}

// unsettable are flags that a configuration file or environment has no say in.
var unsettable = []string{"help", "print-config", "new-key", "accept-loss"}

// complete fills flags that the command line leaves out from the environment,
// then from the configuration file, and checks the result.
func (s *settings) complete(cmd *cobra.Command, warn io.Writer) error {
	// In the environment they may be a container's own, and --demo does without them.
	idle := slices.DeleteFunc([]string{"data", "database", "database-file", "new-key", "accept-loss"}, func(name string) bool { return !cmd.Flags().Changed(name) })
	if err := fromEnvironment(cmd.Flags()); err != nil {
		return err
	}
	for _, name := range unknownVariables(cmd.Flags(), os.Environ()) {
		fmt.Fprintf(warn, "caique: warning: %s in the environment is no setting and has no effect\n", name)
	}
	if s.config != "" {
		if err := fromFile(cmd.Flags(), s.config); err != nil {
			return err
		}
	}
	if s.demo && !cmd.Flags().Changed("drain") {
		s.drain = 0 // nobody shares out requests to it
	}
	if s.demo && len(idle) > 0 {
		return usagef("--demo keeps nothing, so --%s has no meaning with it: leave one of the two out", idle[0])
	}
	return s.check()
}

// variable is the environment's name of a flag.
func variable(flag string) string {
	return "CAIQUE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// unknownVariables are the names in an environment that look like settings and
// are none. Those of the project's own tests are left out.
func unknownVariables(flags *pflag.FlagSet, environment []string) []string {
	var out []string
	for _, line := range environment {
		name, _, _ := strings.Cut(line, "=")
		setting := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, "CAIQUE_"), "_", "-"))
		known := flags.Lookup(setting) != nil && variable(setting) == name && !slices.Contains(unsettable, setting)
		ours := name == "CAIQUE_CORPUS" || strings.HasPrefix(name, "CAIQUE_TEST_")
		if strings.HasPrefix(name, "CAIQUE_") && !known && !ours {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// fromEnvironment sets flags that the command line leaves out: all, or only some.
func fromEnvironment(flags *pflag.FlagSet, only ...string) error {
	var err error
	flags.VisitAll(func(f *pflag.Flag) {
		name := variable(f.Name)
		value, ok := os.LookupEnv(name)
		if err != nil || !ok || f.Changed || slices.Contains(unsettable, f.Name) || len(only) > 0 && !slices.Contains(only, f.Name) {
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
	if err := s.checkDatabase(); err != nil {
		return err
	}
	if _, err := s.level(); err != nil {
		return err
	}
	if err := s.checkNames(); err != nil {
		return err
	}
	if s.drain < 0 || s.drain > time.Minute {
		return usagef("--drain is %s; it takes up to a minute, as 5s", s.drain)
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

// checkDatabase reads the address of the database where it stands in a file.
func (s *settings) checkDatabase() error {
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
	if pairList.MatchString(s.database) { // as a file name it would show its password to everybody
		return usagef("--database is a list of name=value; it takes postgres://… or the path of an SQLite file")
	}
	return nil
}

var pairList = regexp.MustCompile(`^\s*\w+\s*=`)

// level is what is logged at least.
func (s *settings) level() (slog.Level, error) {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	l, ok := levels[s.logLevel]
	if !ok {
		return l, usagef("--log-level is %q; it can be debug, info, warn or error", s.logLevel)
	}
	return l, nil
}

// checkNames checks the names and addresses of the service and its proxies.
func (s *settings) checkNames() error {
	if u, err := url.Parse(s.origin); s.origin != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" ||
		u.Scheme+"://"+u.Host != strings.TrimSuffix(s.origin, "/")) {
		return usagef("--origin is %q; it takes scheme and host alone, as https://caique.example.com", s.origin)
	}
	for _, h := range s.hosts {
		if h == "" || strings.ContainsAny(h, "/*@ ") {
			return usagef("--allowed-hosts has %q; it takes names as caique.example.com", h)
		}
	}
	for _, p := range s.proxies {
		_, one := netip.ParseAddr(p)
		_, many := netip.ParsePrefix(p)
		if one != nil && many != nil {
			return usagef("--trusted-proxies has %q; it takes addresses and networks as 10.0.0.0/8", p)
		}
	}
	return nil
}

// names are those by which the service goes; none where it cannot know.
func (s *settings) names() []string {
	host, _, _ := net.SplitHostPort(s.listen) // checked before
	names := slices.Clone(s.hosts)
	ip := net.ParseIP(host)
	switch {
	case isLoopback(host):
		names = append(names, "localhost", "127.0.0.1", "::1", host)
	case len(s.hosts) > 0 && host != "" && (ip == nil || !ip.IsUnspecified()):
		names = append(names, host)
	}
	return names
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
		case "allowed-hosts":
			value = s.hosts
		}
		var line []byte
		if line, err = yaml.Marshal(map[string]any{f.Name: value}); err == nil {
			fmt.Fprint(w, string(line))
		}
	})
	return err
}

// masked hides the secrets of a database address, whatever its form: those of
// URLs, of their parameters, and of lists as "host=db password=…".
func masked(address string) string {
	const mask = "xxxxx"
	address = secretPair.ReplaceAllString(address, "${1}"+mask)
	if scheme, rest, ok := strings.Cut(address, "://"); ok {
		// The last @ before the path ends the password: it may hold any other sign.
		end := len(rest)
		if i := strings.IndexAny(rest, "/?#"); i >= 0 && strings.Contains(rest[:i], "@") {
			end = i
		}
		if at := strings.LastIndex(rest[:end], "@"); at >= 0 {
			if user, _, ok := strings.Cut(rest[:at], ":"); ok {
				address = scheme + "://" + user + ":" + mask + rest[at:]
			}
		}
	}
	return address
}

// secretPair is a name that tells of a secret, with its value, quoted or not.
var secretPair = regexp.MustCompile(`(?i)([\w%]*(?:passw|pwd|secret|passphrase)[\w%]*\s*=\s*)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?:\\.|[^\s&])+)`)
