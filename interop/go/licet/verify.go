package licet

import (
	"regexp"
	"strings"
)

var (
	licenseID = regexp.MustCompile(`^[0-9a-f]{16}$`)
	statuses  = regexp.MustCompile(`^(pending|active|frozen|released)$`)
	nonces    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	anything  = regexp.MustCompile(`(?s).`)
)

// Claims of a statement, as section 7 names them; numbers are float64.
type Claims map[string]any

// ReadStatement is the shape and claims of section 7. It panics with a refusal: call it within Attempt.
func ReadStatement(text string) (Signed, Claims) {
	parts := strings.Split(text, ".")
	need(len(text) <= 16384 && len(parts) == 3, "malformed")
	claims := Claims(strictJSON(Unb64(parts[1])).(map[string]any))
	claims.check()
	return readJWS(parts[0], parts[1], parts[2], "license-statement+jwt"), claims
}

func (claims Claims) check() {
	text := func(value any, form *regexp.Regexp) bool {
		text, ok := value.(string)
		return ok && form.MatchString(text)
	}
	time := func(name string) bool { return isInteger(claims[name], 0, lastSecond) }
	null := func(name string) bool { value, named := claims[name]; return named && value == nil }
	for _, feature := range claims["features"].([]any) {
		need(text(feature, anything), "malformed")
	}
	_, isBoolean := claims["trial"].(bool)
	device, hasDevice := claims["device"]
	nonce, hasNonce := claims["nonce"]
	for _, holds := range []bool{
		text(claims["iss"], anything), text(claims["aud"], anything), text(claims["edition"], anything), isBoolean,
		text(claims["sub"], licenseID), text(claims["status"], statuses), time("iat"), time("exp"),
		isInteger(claims["root"], 1, 1<<53-1), isInteger(claims["rev"], 0, 65535),
		isInteger(claims["product"], 0, 1<<32-1), null("seats") || isInteger(claims["seats"], 1, 65535),
		null("paid_until") && null("works_until") || time("paid_until") && time("works_until") &&
			claims["works_until"].(float64) >= claims["paid_until"].(float64),
		!hasDevice || len(Unb64(device.(string))) == 32, !hasNonce || text(nonce, nonces),
	} {
		need(holds, "malformed")
	}
}

// Verify judges a license text (section 8 without rows 12 and 14).
func Verify(text string, trust Trust, now int64, known Options) (verdict Verdict) {
	verdict.Reason = Attempt(func() {
		codes, certificates := ReadText(text, 1)
		code := ReadCode(codes[0].Body)
		term := code.PaidUntil - code.Issued
		if code.WorksTo == 0 {
			term = perpetual
		}
		trust.endorse(codes[0], append(certificates, readCertificates(known.Certificates)...), code.Issued, 1, code.Product, term)
		code.CheckRanges()
		need(known.Product == nil || *known.Product == code.Product, "wrong_product")
		need(code.fits(known.Fingerprint), "wrong_device")
		need(now >= known.BuildTime-2*day, "clock_rolled_back")
		need(now >= code.Issued-2*day, "not_yet_valid")
		if now < code.Issued {
			now = code.Issued
		}
		need(code.WorksTo == 0 || now < code.WorksTo, "expired")
		verdict = Verdict{Valid: true, Standing: "grace", Code: code}
		if code.WorksTo == 0 || now < code.PaidUntil {
			verdict.Standing = "active"
		}
	})
	if verdict.Reason == "expired" || verdict.Reason == "not_yet_valid" {
		verdict.Standing = verdict.Reason
	}
	return verdict
}

// Concern is what a statement must be about; nil is not asked.
type Concern struct {
	License, ProductCode *string
	Product              *uint32
}

// VerifyStatement gives the claims, or the reason not to listen. What they mean beside a code is section 11.
func VerifyStatement(text string, trust Trust, certificates []string, now int64, about Concern) (claims Claims, reason string) {
	reason = Attempt(func() {
		signed, read := ReadStatement(text)
		issued, product := int64(read["iat"].(float64)), uint32(read["product"].(float64))
		trust.endorse(signed, readCertificates(certificates), issued, 2, product, 0)
		need(about.License == nil || *about.License == read["sub"], "wrong_license")
		need(about.Product == nil || *about.Product == product, "wrong_product")
		need(about.ProductCode == nil || *about.ProductCode == read["aud"], "wrong_product")
		need(issued <= now+day, "not_yet_valid")
		claims = read
	})
	return claims, reason
}

// readCertificates passes over what is none.
func readCertificates(texts []string) (all []Signed) {
	for _, text := range texts {
		Attempt(func() {
			_, certificates := ReadText(text, 0)
			all = append(all, certificates...)
		})
	}
	return all
}
