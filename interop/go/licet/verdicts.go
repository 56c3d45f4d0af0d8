package licet

import (
	hexadecimal "encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// verdicts runs the cases of a license text, and of a statement beside it; what is left out is counted as skipped.
func verdicts(file string, all vectors) {
	for _, v := range all.Cases {
		// A chain is pinned as one array, what was met since is given one by one.
		v, pinned, met := v, all.Root, v.Certificates
		if len(pinned) == 0 {
			pinned, v.Manifests = v.Manifests, nil
		}
		if len(pinned) == 0 {
			pinned = all.Manifests
		}
		for _, manifest := range v.Manifests {
			met = append(met, string(manifest))
		}
		list, _ := json.Marshal(pinned)
		trust, _ := OpenTrust(string(list), met...)
		build := v.BuildTime + v.BuildTimeSince // each file has its own spelling
		expected := []any{v.Expect.Valid, v.Expect.Standing, v.Expect.Reason}
		if v.List != nil {
			skipped[file+": with a revocation list"]++
			continue
		}
		if v.Expect.DecidedBy == "statement" {
			skipped[file+": a license that a statement decides"]++
		} else {
			check(file, v.Name, expected, func() any {
				_, standing, reason := trust.Verify(v.Text, v.Now, build, v.Product, v.Fingerprint)
				if reason == "expired" || reason == "not_yet_valid" {
					standing = reason
				}
				return []any{reason == "", standing, reason}
			})
		}
		if v.Statement != nil && v.Now < build-2*86400 {
			skipped[file+" statements: beside a clock that was set back"]++
		} else if v.Statement != nil {
			check(file+" statements", v.Name, unheard(v.Expect.Warnings), func() any {
				_, reason := trust.VerifyStatement(*v.Statement, v.Text, v.Now, v.ProductCode)
				return reason
			})
		}
	}
}

// unheard is why a statement is not listened to; the other warnings are about one that is.
func unheard(warnings []string) string {
	for _, warning := range warnings {
		if reason := strings.TrimPrefix(warning, "statement_"); reason != warning && reason != "not_fresh" && reason != "wrong_device" {
			return reason
		}
	}
	return ""
}

func strict1(path string) {
	signatures := []vector{}
	load(path, &signatures)
	for i, v := range signatures {
		one := signed{idOf(unhex(v.Pk)), unhex(v.Msg), unhex(v.Sig), ""}
		check("strict-1", fmt.Sprint(v.Set, " ", i), v.Ok, func() any { return one.isBy(unhex(v.Pk)) })
	}
}

func unhex(digits string) string { data, _ := hexadecimal.DecodeString(digits); return string(data) }
