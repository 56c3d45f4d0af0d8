package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"licet.example/interop/licet"
)

// verdicts runs the cases of a license text, and of a statement beside it; what is left out is counted as skipped.
func verdicts(file string, all vectors) {
	for _, v := range all.Cases {
		v, pinned := v, append(append([]json.RawMessage{}, all.Root...), v.Manifests...)
		if len(pinned) == 0 {
			pinned = all.Manifests
		}
		texts := []string{}
		for _, manifest := range pinned {
			texts = append(texts, string(manifest))
		}
		trust, _ := licet.OpenTrust(texts[0], texts[1:]...)
		build := v.BuildTime + v.BuildTimeSince // each file has its own spelling
		known := licet.Known{Product: v.Product, Fingerprint: v.Fingerprint, BuildTime: build, Certificates: v.Certificates}
		expected := []any{v.Expect.Valid, v.Expect.Standing, v.Expect.Reason}
		if v.List != nil {
			skipped[file+": with a revocation list"]++
			continue
		}
		if v.Expect.DecidedBy == "statement" {
			skipped[file+": a license that a statement decides"]++
		} else {
			check(file, v.Name, expected, func() any {
				_, standing, reason := licet.Verify(v.Text, trust, v.Now, known)
				return []any{reason == "", standing, reason}
			})
		}
		if v.Statement != nil && v.Now < build-2*86400 {
			skipped[file+" statements: beside a clock that was set back"]++
		} else if v.Statement != nil {
			check(file+" statements", v.Name, unheard(v.Expect.Warnings), func() any {
				code := licet.ReadCode(licet.ReadText(v.Text, 1)[0].Body)
				about := licet.Known{Product: &code.Product, License: code.License, ProductCode: v.ProductCode, Certificates: v.Certificates}
				_, reason := licet.VerifyStatement(*v.Statement, trust, v.Now, about)
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
		key, _ := hex.DecodeString(v.Pk)
		message, _ := hex.DecodeString(v.Msg)
		signature, _ := hex.DecodeString(v.Sig)
		check("strict-1", fmt.Sprint(v.Set, " ", i), v.Ok, func() any { return licet.Strict1(string(key), string(message), string(signature)) })
	}
}
