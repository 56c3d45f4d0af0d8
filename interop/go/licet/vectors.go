package licet

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

type vector struct {
	Name, Why, Reason, Text, Code, Certificate, JWT, JWS, Hex, Symbols, Set, Pk, Msg, Sig string
	BodyHex                                                                               string   `json:"body_hex"`
	CertificateBodies                                                                     []string `json:"certificate_bodies_hex"`
	Ok, Grants                                                                            bool
	Usages, Usage, Now, BuildTime                                                         int64
	BuildTimeSince                                                                        int64 `json:"build_time"`
	Product                                                                               *int64
	ProductCode                                                                           string `json:"product_code"`
	Fingerprint                                                                           string
	Statement, List                                                                       *string
	Certificates                                                                          []string
	Manifests                                                                             []json.RawMessage
	Expect                                                                                struct {
		Standing, Reason string
		Valid            bool
		DecidedBy        string `json:"decided_by"`
		Warnings         []string
	}
}

type vectors struct {
	Good, Bad, Folded, Refused, Coverage, Cases []vector
	Root, Manifests                             []json.RawMessage
	Keys                                        []struct{ Label, X string }
}

// about is a license text for statements that are read alone.
var about string

var equal, different, skipped = map[string]int{}, map[string]int{}, map[string]int{}

func load(name string, into any) {
	data, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
}

// check compares what the function gives, or the reason it refuses for, with what is expected.
func check(file, name string, expected any, function func() any) {
	got := func() (got any) {
		reason := ""
		defer func() {
			if reason != "" {
				got = reason
			}
		}()
		defer caught(&reason)
		return function()
	}()
	if fmt.Sprint(got) == fmt.Sprint(expected) {
		equal[file]++
		return
	}
	different[file]++
	fmt.Printf("different: %s: %s: %v, not %v\n", file, name, got, expected)
}

// body gives the body of an object whose signature holds and whose compact form is the published one.
func (all vectors) body(label string, one signed, compact string) string {
	for _, key := range all.Keys {
		isSigned := key.Label == label && one.isBy(unb64(key.X))
		if isSigned && compact == one.message+"."+b64(one.signature) {
			return fmt.Sprintf("%x", one.body)
		}
	}
	return "not signed"
}

func bodies(all []signed) (texts []string) {
	for _, one := range all {
		texts = append(texts, fmt.Sprintf("%x", one.body))
	}
	return texts
}

// read is what a vector gives that is judged by reading alone.
func (all vectors) read(file string, v vector) any {
	switch file {
	case "base64url.json":
		return fmt.Sprintf("%x", unb64(v.Text))
	case "crockford.json":
		return symbols(fold(v.Text))
	case "license-code.json":
		codes := readText(v.Code, 1)
		need(readCode(codes[0].body).isInRange(), "bad_range")
		return all.body("signer", codes[0], v.JWS)
	case "key-certificate.json":
		certificates := readText(v.Certificate, 0)
		if len(certificates) != 1 {
			return "malformed" // the file is about a certificate alone
		}
		return all.body("root", certificates[0], v.JWS)
	case "license-text.json":
		return bodies(readText(v.Text, 1))
	case "root-manifest.json":
		readManifest(json.RawMessage(v.Text))
		return "read"
	default:
		refuse, _ := OpenTrust("")
		_, reason := refuse.VerifyStatement(v.JWT, about, 0, "")
		need(reason == "unknown_key", reason)
		part := strings.Split(v.JWT, ".")
		return all.body("statements", jws(part[0], part[1], part[2], "license-statement+jwt"), v.JWT)
	}
}

func reading(file string, all vectors) {
	for _, v := range append(all.Good, all.Folded...) {
		v, expected := v, any(v.Hex+v.BodyHex+v.Symbols)
		if file == "license-text.json" {
			expected = append([]string{v.BodyHex}, v.CertificateBodies...)
		} else if file == "root-manifest.json" {
			expected = "read"
		} else if file == "statement.json" {
			expected = fmt.Sprintf("%x", unb64(strings.Split(v.JWT, ".")[1]))
		}
		check(file, v.Name+v.Why, expected, func() any { return all.read(file, v) })
	}
	for _, v := range append(all.Bad, all.Refused...) {
		v := v
		if v.Reason == "" {
			v.Reason = "malformed"
		}
		check(file, v.Name+v.Why, v.Reason, func() any { return all.read(file, v) })
	}
	for _, v := range all.Coverage {
		check(file, v.Name, v.Grants, func() any { return grants(v.Usages, v.Usage) })
	}
}

// Run goes through the vector files of a folder, and of strict-1 if there is one; false at a difference.
func Run(folder, strict string) bool {
	for _, name := range []string{"base64url", "crockford", "license-code", "key-certificate", "license-text",
		"root-manifest", "statement", "verdicts", "verdicts-since"} {
		all := vectors{}
		load(filepath.Join(folder, name+".json"), &all)
		if name == "license-code" {
			about = all.Good[0].Code
		}
		reading(name+".json", all)
		verdicts(name+".json", all)
	}
	if strict != "" {
		strict1(strict)
	}
	for file, count := range equal {
		fmt.Printf("%d equal, %d different: %s\n", count, different[file], file)
	}
	for why, count := range skipped {
		fmt.Printf("%d skipped: %s\n", count, why)
	}
	return len(different) == 0
}
