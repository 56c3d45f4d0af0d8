// Package licet verifies Licet license texts and statements offline, as docs/license-code.md says (sections 1 to 8).
package licet

import "crypto/ed25519"
import "crypto/sha256"
import "encoding/base32"
import "encoding/base64"
import "encoding/json"
import "fmt"
import "regexp"
import "strings"

var re, crockford = regexp.MustCompile, base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
var day, forever, jose = int64(86400), int64(1<<63 - 1), `{"alg":"EdDSA","kid":"%s","typ":"%s"}`
var similar, url, starts = strings.NewReplacer("O", "0", "I", "1", "L", "1"), base64.RawURLEncoding, strings.HasPrefix
var noPoint = re("^(.{64})?((e[c-f]|f.)(ff){30}[7f]f|0[01](00){30}[08]0|26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63" +
	"339b13802886d53fc[08]5|c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03[7f]a)") // y ≥ p, or SMALL
var objects, wide = re("LK1.{197}|LC1..(?:[13579BDFHIKLNQSVXZ].{178}|[02468ACEGJMOPRTWY].{162})"), re("[\uff01-\uff5e]")
var dropped = re("[-\t-\r \u0085\u00a0\u00ad\u1680\u180e\u2000-\u2015\u2028\u2029\u202f\u205f\u2060\u2212\u3000\ufeff]")
var single, small, plain, tooDeep = re(`^\s*\{(?s:.*)$`), re("[a-z]"), re("^[A-TV-Z0-9]*$"), re(`(?m)^\t{17}|^\t{16}.*(\[\]|\{\}),?$`)
var escapes = re(`^(?s:[^\\]|\\[^u]|\\u[^dD]|\\u[dD][0-7]|\\u[dD][89abAB]..\\u[dD][c-fC-F])*$`) // no lone surrogates
var noJSON, text, time, end = re(`^[^{[]*$`).MatchString, re(`^".+"$`).Match, integer(0, 253402300799, -1), integer(0, 253402300799, 0)
var claims = map[string]func(spelled []byte) bool{ // section 7
	"iss": text, "aud": text, "edition": text, "sub": re(`^"[0-9a-f]{16}"$`).Match, "iat": time, "exp": time,
	"paid_until": end, "works_until": end, "status": re(`^"(pending|active|frozen|released)"$`).Match,
	"product": integer(0, 1<<32-1, -1), "rev": integer(0, 65535, -1), "root": integer(1, 1<<53-1, -1),
	"seats": integer(1, 65535, 1), "trial": re("^(true|false)$").Match, "nonce": re(`^("[\w-]{1,64}")?$`).Match,
	"features": re(`^\[(\s*"([^"\\]|\\.)+",?)*\s*]$`).Match, "device": re(`^("[\w-]{42}[AEIMQUYcgkosw048]")?$`).Match,
}

type Code struct { // what a license code says; of a perpetual one the ends are 1<<63 - 1
	License                                                                    string
	Product, Edition, Seats, Issued, PaidUntil, WorksUntil, Revision, Features int64
	Trial                                                                      bool
}
type list []json.RawMessage
type object map[string]json.RawMessage
type signed struct{ kid, message, signature, body string }                       // was read, not verified
type Trust func(one signed, beside []signed, usage, issued, product, term int64) // what OpenTrust gives
func need(rows ...any) { // conditions, each with the reason of a refusal behind it; without one: malformed
	for i, condition := range rows {
		if condition == false {
			panic(append(rows, "malformed")[i+1])
		}
	}
}
func caught(reason *string) { // another panic reached into JSON or bytes for what is not there
	if panicked := recover(); panicked != nil {
		why, isRefusal := panicked.(string)
		*reason = map[bool]string{true: why, false: "malformed"}[isRefusal]
	}
}
func keep[T any](all []T, passes func(T) bool) (kept []T) { // what panics does not pass
	for _, one := range all {
		func() { defer caught(new(string)); need(passes(one)); kept = append(kept, one) }()
	}
	return kept
}
func some[T any](all []T, passes func(T) bool) bool { return len(keep(all, passes)) > 0 }
func first[T any](most int, all []T) []T            { return keep(all, func(T) bool { most--; return most >= 0 }) }
func has(all []string, s string) bool               { return some(all, func(e string) bool { return starts(e, s) }) }
func integer(low, high, null int64) func([]byte) bool {
	return func(raw []byte) bool { n := null; return json.Unmarshal(raw, &n) == nil && low <= n && n <= high }
}
func get[T any](raw []byte) (t T)          { need(json.Unmarshal(raw, &t) == nil && raw[0] != 'n'); return t }
func listed(t string) list                 { return get[list]([]byte(single.ReplaceAllString(t, "[$0]"))) }
func (one object) text(name string) string { return get[string](one[name]) }
func (one object) num(name string) int64   { return get[int64](one[name]) }
func sha(data string) string               { sum := sha256.Sum256([]byte(data)); return string(sum[:]) }
func hex(data any) string                  { return fmt.Sprintf("%x", data) }
func num(data string) (n int64)            { fmt.Sscanf(hex(data), "%x", &n); return n }
func b64[T string | []byte](data T) string { return url.EncodeToString([]byte(data)) }
func unb64(s string) string                { b, _ := url.DecodeString(s); need(b64(b) == s); return string(b) }
func header(kid, typ string) string        { return b64(fmt.Sprintf(jose, kid, typ)) }
func jws(protected, payload, signature, typ string) signed { // the header must be the fixed text of some kid
	one := signed{unb64(protected)[22:30], protected + "." + payload, unb64(signature), unb64(payload)}
	need(strings.Trim(one.kid, "0123456789abcdef") == "" && header(one.kid, typ) == protected && len(one.signature) == 64)
	return one
}
func idOf(x string) string { return hex(sha(`{"crv":"Ed25519","kty":"OKP","x":"` + b64(x) + `"}`)[:4]) }
func (s signed) isBy(x string) bool { // strict-1, section 2; ed25519 itself refuses S that is not below L
	return s.kid == idOf(x) && len(x) == 32 && len(s.signature) == 64 && !noPoint.MatchString(hex(x+s.signature[:32])) &&
		ed25519.Verify([]byte(x), []byte(s.message), []byte(s.signature))
}
func strictJSON(text string) object { // each value in one spelling
	sent, _ := json.MarshalIndent(json.RawMessage(text), "", "\t") // has a line for each member, and indents by depth
	kept, _ := json.MarshalIndent(get[any](sent), "", "\t")        // has fewer lines when a member was named twice
	need(strings.ToValidUTF8(text, "") == text && escapes.MatchString(text) && !tooDeep.Match(sent))
	need(strings.Count(string(sent), "\n") == strings.Count(string(kept), "\n"))
	return get[object](kept)
}
func fold(text string) string { // section 5, steps 1 to 3
	narrow := wide.ReplaceAllStringFunc(text, func(wide string) string { return string([]rune(wide)[0] - 0xfee0) })
	return small.ReplaceAllStringFunc(dropped.ReplaceAllString(narrow, ""), strings.ToUpper)
}
func symbols(text string) string { need(plain.MatchString(text)); return similar.Replace(text) } // step 5
func readText(text string, codes int) []signed { // so many codes, then the certificates
	all, read, typed, known := objects.FindAllString(fold(text), -1), map[string][]signed{}, true, true
	need(len(text) <= 8192 && len(all) > 0 && strings.Join(all, "") == fold(text))
	for _, one := range all {
		typ, s, end := strings.ToLower(one[:3]), symbols(one[3:]), (len(one)-8)*5/8-64
		data, _ := crockford.DecodeString(s[:len(s)-5])
		read[typ] = append(read[typ], jws(header(hex(data[2:6]), typ), b64(data[:end]), b64(data[end:]), typ))
		typed = typed && crockford.EncodeToString([]byte(sha(one[:3] + string(data))))[:5] == s[len(s)-5:]
		known = known && data[0] == 1 && (data[1] == 0 || data[1] < 4 && typ == "lc1")
	}
	need(len(read["lc1"]) == codes && len(read["lk1"]) <= 16, "malformed", typed, "mistyped", known, "unsupported_version")
	return append(read["lc1"], read["lk1"]...)
}
func readManifest(text json.RawMessage) object { // section 6; verifies no signature
	whole := strictJSON(string(text))
	m := strictJSON(unb64(whole.text("payload")))
	m["payload"], m["signatures"] = whole["payload"], whole["signatures"]
	_, _, threshold := m.keys("revoked"), m.signatures(), integer(1, int64(len(m.keys("keys"))), -1)
	need(len(text) <= 65536 && claims["root"](m["version"]) && threshold(m["threshold"]) && time(m["issued_at"]))
	return m
}
func (m object) keys(list string) (keys []string) { // each the kid, the 32 bytes, and of a revoked one when and why
	for _, one := range get[[]object](m[list]) {
		kid, x, at, reason := one.text("kid"), unb64(one.text("x")), one["at"], one["reason"]
		need(len(x) == 32 && idOf(x) == kid && !has(keys, kid) && (list == "keys" || time(at) && reason[0] == '"'))
		keys = append(keys, kid+x+string(at)+string(reason))
	}
	return keys
}
func (m object) signatures() (all []signed) {
	for _, one := range get[[]object](m["signatures"]) {
		all = append(all, jws(one.text("protected"), m.text("payload"), one.text("signature"), "licet-root+json"))
	}
	return all
}
func (m object) isSignedBy(signatures []signed, barring object) bool { // a key that signed twice counts once
	return m.num("threshold") <= int64(len(keep(m.keys("keys"), func(key string) bool {
		return !has(barring.keys("revoked"), key[:40]) && some(signatures, func(s signed) bool { return s.isBy(key[8:40]) })
	})))
}
func (m object) isFollowedBy(n object) bool {
	return n.num("version") == m.num("version")+1 && n.isSignedBy(n.signatures(), n) && m.isSignedBy(n.signatures(), m) &&
		!some(m.keys("revoked"), func(key string) bool { return !has(n.keys("revoked"), key) })
}
func grants(usages, usage int64) bool { return usages <= 8 && usages&usage != 0 } // section 4
// OpenTrust is section 6, "Chain". Met since are lists of manifests, single ones and LK1 texts: what follows, counts.
func OpenTrust(pinned string, met ...string) (trust Trust, reason string) {
	defer caught(&reason)
	chain, others, newest, texts := []object{}, []object{}, object{}, list{}
	trust = func(one signed, good []signed, usage, at, product, term int64) { // rows 4 to 8 of section 8
		row := func(why string, fits func(signed) bool) { good = keep(good, fits); need(len(good) > 0, why) }
		keep(first(64, keep(met, noJSON)), func(text string) bool { good = append(good, readText(text, 0)...); return true })
		row("unknown_key", func(c signed) bool {
			same := keep(good, func(d signed) bool { return c.body[:2]+c.body[6:] == d.body[:2]+d.body[6:] })
			return idOf(c.body[19:51]) == one.kid && some(chain, func(m object) bool { return m.isSignedBy(same, newest) })
		})
		row("key_revoked", func(c signed) bool { return !has(newest.keys("revoked"), one.kid+c.body[19:51]) })
		row("bad_signature", func(c signed) bool { return one.isBy(c.body[19:51]) })
		row("outside_issuing_window", func(c signed) bool { return num(c.body[11:15]) <= at && at < num(c.body[15:19]) })
		row("not_certified", func(c signed) bool { return grants(num(c.body[10:11]), usage) })
		row("not_certified", func(c signed) bool { return num(c.body[51:55]) == 0 || num(c.body[51:55]) == product })
		row("not_certified", func(c signed) bool { return num(c.body[55:]) == 0 || term <= num(c.body[55:])*31*day })
	}
	next := keep([]object{readManifest(listed(pinned)[0])}, func(m object) bool { return m.isSignedBy(m.signatures(), m) })
	keep(append([]string{pinned}, met...), func(text string) bool { texts = append(texts, listed(text)...); return true })
	keep(first(129, texts), func(raw json.RawMessage) bool { others = append(others, readManifest(raw)); return true })
	for ; len(next) > 0 && len(chain) < 64; next = keep(others, newest.isFollowedBy) {
		chain, newest = append(chain, next[0]), next[0]
	}
	return trust, map[bool]string{true: "malformed"}[len(chain) == 0]
}
func readCode(b string) Code {
	paid, perpetual := num(b[26:30]), num(b[26:30])/(1<<32-1)*forever // or 0
	return Code{hex(b[6:14]), num(b[14:18]), num(b[18:20]), num(b[20:22]), num(b[22:26]), paid | perpetual,
		(paid + num(b[32:33])*day) | perpetual, num(b[30:32]), num(b[33:36]), b[1]&1 == 1}
}
func (c Code) isInRange() bool { return c.Issued < c.PaidUntil && (!c.Trial || c.PaidUntil < forever) } // row 9
// Verify judges a license text (section 8 without rows 12 and 14). Not known: product nil, device "", built 0.
func (t Trust) Verify(text string, now, built int64, product *int64, device string) (_ Code, standing, reason string) {
	defer caught(&reason)
	all := readText(text, 1)
	c, bind := readCode(all[0].body), all[0].body[36:]
	t(all[0], all[1:], 1, c.Issued, c.Product, c.PaidUntil-c.Issued)
	need(c.isInRange(), "bad_range", product == nil || *product == c.Product, "wrong_product",
		bind == "" || len(device) > 0 && len(device) <= 5120 && sha("LC1 bind\x00" + device)[:10] == bind, "wrong_device",
		now >= built-2*day, "clock_rolled_back", now >= c.Issued-2*day, "not_yet_valid", now < c.WorksUntil, "expired")
	return c, map[bool]string{true: "active", false: "grace"}[now < c.PaidUntil], ""
}

// VerifyStatement is about a good license text: the claims as JSON, or why not to listen. Section 11 says what they mean.
func (t Trust) VerifyStatement(jwt, text string, now int64, productCode string) (claimed, reason string) {
	defer caught(&reason)
	part, all := strings.SplitN(jwt, ".", 3), readText(text, 1)
	code, one, said := readCode(all[0].body), jws(part[0], part[1], part[2], "license-statement+jwt"), strictJSON(unb64(part[1]))
	for name, fits := range claims {
		need(len(jwt) <= 16384 && fits(said[name]))
	}
	need(string(said["paid_until"])+string(said["works_until"]) == "nullnull" || said.num("works_until") >= said.num("paid_until"))
	t(one, all[1:], 2, said.num("iat"), said.num("product"), 0)
	need(said.text("sub") == code.License, "wrong_license", said.num("product") == code.Product, "wrong_product",
		productCode == "" || said.text("aud") == productCode, "wrong_product", said.num("iat") <= now+day, "not_yet_valid")
	return one.body, ""
}
