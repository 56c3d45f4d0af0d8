// Package licet verifies Licet license texts and statements offline, as docs/license-code.md says (sections 1 to 8).
//
//	trust, reason := licet.OpenTrust(manifest, laterManifests...) // once: texts of JSON, the first is pinned
//	code, standing, reason := licet.Verify(text, trust, time.Now().Unix(), licet.Known{Product: &product})
//
// Valid is what has no reason. Strings hold bytes too: they compare, and are keys of maps. What cannot be read panics.
package licet

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

const day, month, lastSecond, Forever = 86400, 31 * 86400, 253402300799, 1<<63 - 1

var (
	notPoint = regexp.MustCompile("^(e[c-f]|f.)(ff){30}[7f]f$|^0[01](00){30}[08]0$" + // y is not below p, or SMALL of section 2
		"|^26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc[08]5$" +
		"|^c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03[7f]a$")
	crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)
	fullWidth = regexp.MustCompile(`[\x{ff01}-\x{ff5e}]`)
	dropped   = regexp.MustCompile(`[-\t-\r \x{85}\x{a0}\x{ad}\x{1680}\x{180e}\x{2000}-\x{2015}\x{2028}\x{2029}` +
		`\x{202f}\x{205f}\x{2060}\x{2212}\x{3000}\x{feff}]`)
	keyIDs  = regexp.MustCompile("^[0-9a-f]{8}$")
	plain   = regexp.MustCompile("^[A-Za-z0-9]*$")
	objects = regexp.MustCompile("LK1[^U]{197}|LC1[^U]{2}(?:[13579BDFHIKLNQSVXZ][^U]{178}|[02468ACEGJMOPRTWY][^U]{162})")
	pairs   = regexp.MustCompile(`\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..`)
	lone    = regexp.MustCompile(`\\u[dD][89a-fA-F]`)
	tooDeep = regexp.MustCompile(`(?m)^\t{17}|^\t{16}.*(\[\]|\{\}),?$`)
)

type refusal string

func need(condition bool, reason refusal) {
	if !condition {
		panic(reason)
	}
}

// Caught is deferred where a panic is to be a reason. One that is no refusal: JSON of another shape than was reached into.
func Caught(reason *string) {
	switch panicked := recover().(type) {
	case nil:
	case refusal:
		*reason = string(panicked)
	default:
		*reason = "malformed"
	}
}

// Strict1 verifies a signature by the rule of section 2.
func Strict1(key, message, signature string) bool {
	s := ""
	for i := len(signature) - 1; i >= 32; i-- {
		s += signature[i : i+1]
	}
	return len(key) == 32 && len(signature) == 64 && fmt.Sprintf("%x", s) < order && !notPoint.MatchString(fmt.Sprintf("%x", key)) &&
		!notPoint.MatchString(fmt.Sprintf("%x", signature[:32])) && ed25519.Verify([]byte(key), []byte(message), []byte(signature))
}

const order = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"

func sha(data string) string       { sum := sha256.Sum256([]byte(data)); return string(sum[:]) }
func hex(data string) string       { return fmt.Sprintf("%x", data) }
func number(data string) (n int64) { fmt.Sscanf(hex(data), "%x", &n); return n }
func B64(data string) string       { return base64.RawURLEncoding.EncodeToString([]byte(data)) }
func Unb64(text string) string { // the canonical spelling alone
	data, err := base64.RawURLEncoding.DecodeString(text)
	need(err == nil && B64(string(data)) == text, "malformed")
	return string(data)
}
func keyID(x string) string {
	return hex(sha(`{"crv":"Ed25519","kty":"OKP","x":"` + B64(x) + `"}`)[:4])
}
func header(kid, typ string) string {
	return B64(`{"alg":"EdDSA","kid":"` + kid + `","typ":"` + typ + `"}`)
}

// Signed is an object that was read; its signature is not verified.
type Signed struct{ Kid, Message, Signature, Body string }

func readJWS(protected, payload, signature any, typ string) Signed { // the header must be the fixed text of some kid
	kid := Unb64(protected.(string))[22:30]
	signed := Signed{kid, protected.(string) + "." + payload.(string), Unb64(signature.(string)), Unb64(payload.(string))}
	need(keyIDs.MatchString(kid) && header(kid, typ) == protected && len(signed.Signature) == 64, "malformed")
	return signed
}

type object = map[string]any

func strictJSON(text string) (value object) {
	sent, err := json.MarshalIndent(json.RawMessage(text), "", "\t") // has a line for each member, and indents by depth
	need(err == nil && json.Unmarshal(sent, &value) == nil && strings.ToValidUTF8(text, "") == text, "malformed")
	kept, _ := json.MarshalIndent(value, "", "\t") // has fewer lines when a member was named twice
	need(!tooDeep.Match(sent) && strings.Count(string(sent), "\n") == strings.Count(string(kept), "\n"), "malformed")
	need(!lone.MatchString(pairs.ReplaceAllString(text, " ")), "malformed")
	return value
}

func text(form string) func(any) bool {
	whole := regexp.MustCompile("^(?s:" + form + ")$")
	return func(value any) bool { text, ok := value.(string); return ok && whole.MatchString(text) }
}
func integer(low, high float64) func(any) bool {
	return func(value any) bool {
		n, ok := value.(float64)
		return ok && n == float64(int64(n)) && low <= n && n <= high
	}
}
func orNull(form func(any) bool) func(any) bool {
	return func(value any) bool { return value == nil || form(value) }
}

var some, anyText, time = text(".+"), text(".*"), integer(0, lastSecond)
var claims = map[string]func(any) bool{ // section 7
	"iss": some, "aud": some, "edition": some, "sub": text("[0-9a-f]{16}"), "iat": time, "exp": time, "root": integer(1, 1<<53-1),
	"rev": integer(0, 65535), "status": text("pending|active|frozen|released"), "paid_until": orNull(time), "works_until": orNull(time),
	"product": integer(0, 1<<32-1), "seats": orNull(integer(1, 65535)), "nonce": text("[A-Za-z0-9_-]{1,64}"),
	"trial": func(v any) bool { return v == true || v == false }, "device": func(v any) bool { return len(Unb64(v.(string))) == 32 },
	"features": func(v any) bool { return len(filter(v.([]any), some)) == len(v.([]any)) },
}

func filter[T any](all []T, passes func(T) bool) (kept []T) {
	for _, one := range all {
		if passes(one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// tryEach passes over texts that cannot be read.
func tryEach[T any](texts []string, read func(string) T) (all []T) {
	for _, text := range texts {
		func() {
			defer Caught(new(string))
			all = append(all, read(text))
		}()
	}
	return all
}

// Fold is section 5, steps 1 to 3; Symbols is step 5.
func Fold(text string) string {
	narrow := fullWidth.ReplaceAllStringFunc(text, func(wide string) string { return string([]rune(wide)[0] - 0xfee0) })
	kept := dropped.ReplaceAllString(narrow, "")
	need(plain.MatchString(kept), "malformed")
	return strings.ToUpper(kept)
}
func Symbols(text string) string {
	need(!strings.Contains(text, "U"), "malformed")
	return strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(text)
}

// ReadText is section 5: so many codes, then the certificates. Each check is made of all objects before the next.
func ReadText(text string, codes int) []Signed {
	folded, found, mistyped, unsupported := Fold(text), map[string][]Signed{}, false, false
	all := objects.FindAllString(folded, -1)
	need(len(text) <= 8192 && len(all) > 0 && strings.Join(all, "") == folded, "malformed")
	for _, one := range all {
		prefix, symbols := one[:3], Symbols(one[3:len(one)-5])
		data, _ := crockford.DecodeString(symbols)
		body, signature, typ := string(data[:len(data)-64]), string(data[len(data)-64:]), strings.ToLower(prefix)
		check := crockford.EncodeToString([]byte(sha(prefix + string(data))))[:5]
		mistyped = mistyped || Symbols(one[len(one)-5:]) != check
		unsupported = unsupported || body[0] != 1 || body[1] > 3 || prefix == "LK1" && body[1] > 0
		found[typ] = append(found[typ], readJWS(header(hex(body[2:6]), typ), B64(body), B64(signature), typ))
	}
	need(len(found["lc1"]) == codes && len(found["lk1"]) <= 16, "malformed")
	need(!mistyped, "mistyped")
	need(!unsupported, "unsupported_version")
	return append(found["lc1"], found["lk1"]...)
}

type manifest struct {
	version, threshold float64
	keys, revoked      map[string]string // by the 32 bytes of a key: its kid; when and why
	signatures         []Signed
}

// ReadManifest is section 6; it verifies no signature.
func ReadManifest(text string) (m manifest) {
	need(len(text) <= 65536, "malformed")
	whole := strictJSON(text)
	claims := strictJSON(Unb64(whole["payload"].(string)))
	for _, one := range whole["signatures"].([]any) {
		entry := one.(object)
		m.signatures = append(m.signatures, readJWS(entry["protected"], whole["payload"], entry["signature"], "licet-root+json"))
	}
	m.keys = readKeys(claims["keys"], func(key object) string { return key["kid"].(string) })
	m.revoked = readKeys(claims["revoked"], func(key object) string {
		need(time(key["at"]) && anyText(key["reason"]), "malformed")
		return fmt.Sprint(key["at"], " ", key["reason"])
	})
	m.version, m.threshold = claims["version"].(float64), claims["threshold"].(float64)
	need(integer(1, 1<<53-1)(m.version) && integer(1, float64(len(m.keys)))(m.threshold) && time(claims["issued_at"]), "malformed")
	return m
}

func readKeys(list any, about func(object) string) map[string]string {
	keys, kids := map[string]string{}, map[any]bool{}
	for _, one := range list.([]any) {
		key := one.(object)
		x := Unb64(key["x"].(string))
		need(len(x) == 32 && keyID(x) == key["kid"] && !kids[key["kid"]], "malformed")
		keys[x], kids[key["kid"]] = about(key), true
	}
	return keys
}

func (m manifest) reaches(signatures []Signed, barred map[string]string) bool {
	good := map[string]bool{} // a key that signed twice counts once
	for _, one := range signatures {
		for x, kid := range m.keys {
			if kid == one.Kid && barred[x] == "" && Strict1(x, one.Message, one.Signature) {
				good[x] = true
			}
		}
	}
	return len(good) >= int(m.threshold)
}

func (m manifest) follows(last manifest) bool {
	for x, about := range last.revoked {
		if m.revoked[x] != about {
			return false
		}
	}
	return m.version == last.version+1 && last.reaches(m.signatures, last.revoked) && m.reaches(m.signatures, m.revoked)
}

// Trust is a chain of root manifests that holds, the newest at the end.
type Trust []manifest

// OpenTrust is section 6, "Chain"; there is a reason when the pinned one does not hold. What does not follow is passed over.
func OpenTrust(pinned string, met ...string) (trust Trust, reason string) {
	defer Caught(&reason)
	first := ReadManifest(pinned)
	need(first.reaches(first.signatures, first.revoked), "malformed")
	others := tryEach(met, ReadManifest)
	for next := []manifest{first}; len(next) > 0 && len(trust) < 64; {
		trust = append(trust, next[0])
		next = filter(others, func(one manifest) bool { return one.follows(trust[len(trust)-1]) })
	}
	return trust, ""
}

// Grants tells whether usage bits of a certificate grant one usage (section 4).
func Grants(usages, usage int64) bool { return usages <= 8 && usages&usage != 0 }

// endorse is rows 4 to 8 of section 8.
func (trust Trust) endorse(one Signed, certificates []Signed, usage, issued, product, term int64) {
	need(len(trust) > 0, "unknown_key")
	revoked, groups := trust[len(trust)-1].revoked, map[string][]Signed{} // by the body without the kid of the root
	for _, certificate := range certificates {
		if keyID(certificate.Body[19:51]) == one.Kid {
			grant := certificate.Body[:2] + "...." + certificate.Body[6:]
			groups[grant] = append(groups[grant], certificate)
		}
	}
	keep := func(reason refusal, passes func(grant string) bool) {
		for grant := range groups {
			if !passes(grant) {
				delete(groups, grant)
			}
		}
		need(len(groups) > 0, reason)
	}
	keep("unknown_key", func(grant string) bool {
		return len(filter(trust, func(root manifest) bool { return root.reaches(groups[grant], revoked) })) > 0
	})
	keep("key_revoked", func(grant string) bool { return revoked[grant[19:51]] == "" })
	keep("bad_signature", func(grant string) bool { return Strict1(grant[19:51], one.Message, one.Signature) })
	keep("outside_issuing_window", func(grant string) bool { return number(grant[11:15]) <= issued && issued < number(grant[15:19]) })
	keep("not_certified", func(grant string) bool {
		of, months := number(grant[51:55]), number(grant[55:])
		return Grants(number(grant[10:11]), usage) && (of == 0 || of == product) && (months == 0 || term <= months*month)
	})
}

// ReadStatement is the shape and claims of section 7.
func ReadStatement(text string) (Signed, object) {
	part := strings.Split(text, ".")
	need(len(text) <= 16384 && len(part) == 3, "malformed")
	said := strictJSON(Unb64(part[1]))
	for name, fits := range claims {
		value, isSaid := said[name]
		need(isSaid && fits(value) || !isSaid && (name == "device" || name == "nonce"), "malformed")
	}
	paid, works := said["paid_until"], said["works_until"]
	need((paid == nil) == (works == nil) && (paid == nil || works.(float64) >= paid.(float64)), "malformed")
	return readJWS(part[0], part[1], part[2], "license-statement+jwt"), said
}

// Code is what a license code says (section 3.1).
type Code struct {
	License                                                                    string
	Product, Edition, Seats, Issued, PaidUntil, WorksUntil, Revision, Features int64
	Trial                                                                      bool
	bind                                                                       string
}

func ReadCode(body string) Code {
	paid, works := number(body[26:30]), number(body[26:30])+number(body[32:33])*day
	if paid == 1<<32-1 {
		paid, works = Forever, Forever
	}
	return Code{hex(body[6:14]), number(body[14:18]), number(body[18:20]), number(body[20:22]), number(body[22:26]), paid, works,
		number(body[30:32]), number(body[33:36]), body[1]&1 == 1, body[36:]}
}

// CheckRanges is row 9 of section 8.
func (code Code) CheckRanges() {
	need(code.Issued < code.PaidUntil && !(code.Trial && code.PaidUntil == Forever), "bad_range")
}

// Known is what the program knows; nil, "" and 0 are not known. Certificates are LK1 texts that were met since.
type Known struct {
	Product                           *int64
	Fingerprint, License, ProductCode string // the last two ask a statement
	BuildTime                         int64
	Certificates                      []string
}

// Verify judges a license text (section 8 without rows 12 and 14).
func Verify(text string, trust Trust, now int64, known Known) (code Code, standing, reason string) {
	defer func() { standing = map[string]string{"": standing, "expired": reason, "not_yet_valid": reason}[reason] }()
	defer Caught(&reason)
	all := append(ReadText(text, 1), readCertificates(known.Certificates)...)
	read := ReadCode(all[0].Body)
	trust.endorse(all[0], all[1:], 1, read.Issued, read.Product, read.PaidUntil-read.Issued)
	read.CheckRanges()
	need(known.Product == nil || *known.Product == read.Product, "wrong_product")
	isKnown := len(known.Fingerprint) >= 1 && len(known.Fingerprint) <= 5120
	need(read.bind == "" || isKnown && sha("LC1 bind\x00" + known.Fingerprint)[:10] == read.bind, "wrong_device")
	need(now >= known.BuildTime-2*day, "clock_rolled_back")
	need(now >= read.Issued-2*day, "not_yet_valid")
	need(now < read.WorksUntil, "expired")
	return read, map[bool]string{true: "active", false: "grace"}[now < read.PaidUntil], ""
}

// VerifyStatement gives the claims, or the reason not to listen. Section 11 says what they mean beside a code.
func VerifyStatement(text string, trust Trust, now int64, known Known) (claims object, reason string) {
	defer Caught(&reason)
	one, said := ReadStatement(text)
	issued, product := int64(said["iat"].(float64)), int64(said["product"].(float64))
	trust.endorse(one, readCertificates(known.Certificates), 2, issued, product, 0)
	need(known.License == "" || known.License == said["sub"], "wrong_license")
	need(known.Product == nil || *known.Product == product, "wrong_product")
	need(known.ProductCode == "" || known.ProductCode == said["aud"], "wrong_product")
	need(issued <= now+day, "not_yet_valid")
	return said, ""
}

func readCertificates(texts []string) (all []Signed) {
	for _, some := range tryEach(texts, func(text string) []Signed { return ReadText(text, 0) }) {
		all = append(all, some...)
	}
	return all
}
