// Package licet verifies Licet license texts and statements offline, as docs/license-code.md says (sections 1 to 8).
// What to call is in verdict.go; here are signatures and the JSON that is signed (sections 1 and 2).
package licet

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"unicode/utf8"
)

var (
	order = hexNumber("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed")
	prime = hexNumber("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")
	small = []*big.Int{big.NewInt(0), big.NewInt(1), new(big.Int).Sub(prime, big.NewInt(1)),
		hexNumber("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"),
		hexNumber("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7")}
	keyIDs    = regexp.MustCompile(`^[0-9a-f]{8}$`)
	escapes   = regexp.MustCompile(`\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}`)
	surrogate = regexp.MustCompile(`\\u[dD][89a-fA-F]`)
)

// Signed is an object that was read; its signature is not verified.
type Signed struct {
	Kid                      string
	Message, Signature, Body []byte
}

type refusal string

func need(condition bool, reason refusal) {
	if !condition {
		panic(reason)
	}
}

// Attempt gives the reason of a refusal. JSON of another shape than was reached into is malformed too.
func Attempt(try func()) (reason string) {
	defer func() {
		if caught := recover(); caught != nil {
			reason = "malformed"
			if refused, ok := caught.(refusal); ok {
				reason = string(refused)
			}
		}
	}()
	try()
	return ""
}

func hexNumber(text string) *big.Int {
	number, _ := new(big.Int).SetString(text, 16)
	return number
}

func littleEndian(data []byte) *big.Int {
	reversed := make([]byte, len(data))
	for i, b := range data {
		reversed[len(data)-1-i] = b
	}
	return new(big.Int).SetBytes(reversed)
}

// Strict1 verifies a signature by the rule of section 2.
func Strict1(key, message, signature []byte) bool {
	if len(key) != 32 || len(signature) != 64 || littleEndian(signature[32:]).Cmp(order) >= 0 {
		return false
	}
	for _, point := range [][]byte{key, signature[:32]} {
		y := littleEndian(point)
		y.SetBit(y, 255, 0)
		bad := y.Cmp(prime) >= 0
		for _, one := range small {
			bad = bad || y.Cmp(one) == 0
		}
		if bad {
			return false
		}
	}
	return ed25519.Verify(key, message, signature)
}

// B64 and Unb64 are base64url without padding; Unb64 takes the canonical spelling alone.
func B64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func Unb64(text string) []byte {
	data, err := base64.RawURLEncoding.DecodeString(text)
	need(err == nil && B64(data) == text, "malformed")
	return data
}

func keyID(key string) string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + B64([]byte(key)) + `"}`))
	return hex.EncodeToString(sum[:4])
}

func header(kid, typ string) string {
	return B64([]byte(fmt.Sprintf(`{"alg":"EdDSA","kid":"%s","typ":"%s"}`, kid, typ)))
}

// readJWS needs the header to be the fixed text of some kid.
func readJWS(protected, payload, signature, typ string) Signed {
	kid := string(Unb64(protected)[22:30])
	need(keyIDs.MatchString(kid) && header(kid, typ) == protected && len(Unb64(signature)) == 64, "malformed")
	return Signed{kid, []byte(protected + "." + payload), Unb64(signature), Unb64(payload)}
}

func strictJSON(data []byte) any {
	lone := surrogate.Match(escapes.ReplaceAll(data, []byte(" ")))
	need(utf8.Valid(data) && json.Valid(data) && !lone, "malformed")
	return jsonValue(json.NewDecoder(bytes.NewReader(data)), 16)
}

// jsonValue refuses a member twice and a number beyond a double; json.Valid saw to the syntax.
func jsonValue(from *json.Decoder, room int) any {
	token, err := from.Token()
	need(err == nil, "malformed")
	opening, nested := token.(json.Delim)
	if !nested {
		return token
	}
	need(room > 0, "malformed")
	members, items := map[string]any{}, []any{}
	for from.More() {
		if opening == '[' {
			items = append(items, jsonValue(from, room-1))
			continue
		}
		name := jsonValue(from, 0).(string)
		_, twice := members[name]
		need(!twice, "malformed")
		members[name] = jsonValue(from, room-1)
	}
	from.Token()
	if opening == '[' {
		return items
	}
	return members
}
