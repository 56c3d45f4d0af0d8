package licet

import (
	"encoding/binary"
	"math"
)

const day, month, lastSecond, perpetual = 86400, 31 * 86400, 253402300799, 1 << 62

// Trust is a chain of root manifests that holds.
type Trust struct{ manifests []manifest }

type manifest struct {
	version, threshold float64
	keys               []string
	revoked            map[string]revoked
	signatures         []Signed
}

type revoked struct{ at, reason any }

// Verdict has empty texts where the page says null; Code is of a valid code alone.
type Verdict struct {
	Valid            bool
	Standing, Reason string
	Code             Code
}

// Options of Verify: nil is not known. Certificates are LK1 texts that were met since.
type Options struct {
	Product      *uint32
	Fingerprint  *string
	BuildTime    int64
	Certificates []string
}

func isInteger(value any, low, high float64) bool {
	number, ok := value.(float64)
	return ok && number == math.Trunc(number) && low <= number && number <= high
}

// ReadManifest is section 6; it verifies no signature. It panics with a refusal: call it within Attempt.
func ReadManifest(text string) (read manifest) {
	need(len(text) <= 65536, "malformed")
	whole := strictJSON([]byte(text)).(map[string]any)
	payload := whole["payload"].(string)
	for _, one := range whole["signatures"].([]any) {
		entry := one.(map[string]any)
		signed := readJWS(entry["protected"].(string), payload, entry["signature"].(string), "licet-root+json")
		read.signatures = append(read.signatures, signed)
	}
	claims := strictJSON(Unb64(payload)).(map[string]any)
	read.keys, _ = readKeys(claims["keys"], false)
	_, read.revoked = readKeys(claims["revoked"], true)
	need(isInteger(claims["version"], 1, 1<<53-1) && isInteger(claims["issued_at"], 0, lastSecond), "malformed")
	need(isInteger(claims["threshold"], 1, float64(len(read.keys))), "malformed")
	read.version, read.threshold = claims["version"].(float64), claims["threshold"].(float64)
	return read
}

func readKeys(list any, isRevoked bool) (keys []string, entries map[string]revoked) {
	kids := map[string]bool{}
	entries = map[string]revoked{}
	for _, one := range list.([]any) {
		entry := one.(map[string]any)
		x, kid := string(Unb64(entry["x"].(string))), entry["kid"].(string)
		need(len(x) == 32 && keyID(x) == kid && !kids[kid], "malformed")
		reason, _ := entry["reason"].(string)
		need(!isRevoked || isInteger(entry["at"], 0, lastSecond) && entry["reason"] == any(reason), "malformed")
		kids[kid], entries[x], keys = true, revoked{entry["at"], reason}, append(keys, x)
	}
	return keys, entries
}

// reaches: a key that signed twice counts once, a barred key not at all.
func (m manifest) reaches(signatures []Signed, barred map[string]revoked) bool {
	count := 0.0
	for _, x := range m.keys {
		_, isBarred := barred[x]
		signed := false
		for _, one := range signatures {
			signed = signed || !isBarred && one.Kid == keyID(x) && Strict1([]byte(x), one.Message, one.Signature)
		}
		if signed {
			count++
		}
	}
	return count >= m.threshold
}

func (m manifest) follows(last manifest) bool {
	for x, entry := range last.revoked {
		if again, ok := m.revoked[x]; !ok || again != entry {
			return false
		}
	}
	return m.version == last.version+1 && last.reaches(m.signatures, last.revoked) && m.reaches(m.signatures, m.revoked)
}

// OpenTrust pins one root manifest and walks on over others, in any order (section 6, "Chain"). The reason is not
// empty when the pinned one does not hold; what does not follow from it is passed over.
func OpenTrust(pinned string, met ...string) (trust Trust, reason string) {
	reason = Attempt(func() {
		first := ReadManifest(pinned)
		need(first.reaches(first.signatures, first.revoked), "malformed")
		trust.manifests = []manifest{first}
	})
	others := []manifest{}
	for _, text := range met {
		Attempt(func() { others = append(others, ReadManifest(text)) })
	}
	for found := reason == ""; found && len(trust.manifests) < 64; {
		found = false
		for _, next := range others {
			if !found && next.follows(trust.newest()) {
				trust.manifests, found = append(trust.manifests, next), true
			}
		}
	}
	return trust, reason
}

func (trust Trust) newest() manifest { return trust.manifests[len(trust.manifests)-1] }

// Grants tells whether usage bits of a certificate grant one usage (section 4).
func Grants(usages, usage byte) bool { return usages <= 8 && usages&usage != 0 }

// endorse is rows 4 to 8 of section 8; the term of a statement is 0.
func (trust Trust) endorse(one Signed, certificates []Signed, issued int64, usage byte, product uint32, term int64) {
	grants := map[string][]Signed{} // bodies that are equal but for the kid of the root
	for _, certificate := range certificates {
		if keyID(string(certificate.Body[19:51])) == one.Kid {
			grant := string(certificate.Body[:2]) + "...." + string(certificate.Body[6:])
			grants[grant] = append(grants[grant], certificate)
		}
	}
	reason := refusal("unknown_key")
	furthest := 0
	for grant, signed := range grants {
		number := func(at int) int64 { return int64(binary.BigEndian.Uint32([]byte(grant[at:]))) }
		counts := false
		for _, root := range trust.manifests {
			counts = counts || root.reaches(signed, trust.newest().revoked)
		}
		_, isRevoked := trust.newest().revoked[grant[19:51]]
		most := int64(grant[55]) * month
		passed := 0
		for _, row := range []func() bool{
			func() bool { return counts },
			func() bool { return !isRevoked },
			func() bool { return Strict1([]byte(grant[19:51]), one.Message, one.Signature) },
			func() bool { return number(11) <= issued && issued < number(15) },
			func() bool {
				return Grants(grant[10], usage) && (number(51) == 0 || number(51) == int64(product)) &&
					(most == 0 || term <= most)
			},
		} {
			if !row() {
				break
			}
			passed++
		}
		if passed == 5 {
			return
		}
		if passed >= furthest {
			furthest = passed
			reason = [...]refusal{"unknown_key", "key_revoked", "bad_signature", "outside_issuing_window", "not_certified"}[passed]
		}
	}
	panic(reason)
}
