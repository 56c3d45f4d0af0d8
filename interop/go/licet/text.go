package licet

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"strings"
)

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var (
	dropped = regexp.MustCompile(`[-\t-\r \x{85}\x{a0}\x{ad}\x{1680}\x{180e}\x{2000}-\x{2015}\x{2028}\x{2029}` +
		`\x{202f}\x{205f}\x{2060}\x{2212}\x{3000}\x{feff}]`)
	folded = regexp.MustCompile(`^[A-Z0-9]*$`)
)

// Code is what a license code says (section 3.1); an end that never comes is 0.
type Code struct {
	License                    string
	Product                    uint32
	Edition, Seats, Revision   uint16
	Issued, PaidUntil, WorksTo int64
	Features                   uint32
	Trial                      bool
	bind                       []byte
}

// Fold is section 5, steps 1 to 3.
func Fold(text string) string {
	narrow := func(c rune) rune {
		if c >= 0xff01 && c <= 0xff5e {
			c -= 0xfee0
		}
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		return c
	}
	kept := dropped.ReplaceAllString(strings.Map(narrow, text), "")
	need(folded.MatchString(kept), "malformed")
	return kept
}

// Symbols is section 5, step 5.
func Symbols(text string) string {
	need(!strings.Contains(text, "U"), "malformed")
	return strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(text)
}

type object struct {
	typ   string
	data  []byte // body and signature
	check uint32
}

// ReadText is section 5: codes, of which there must be so many, and up to 16 certificates. Each check is made of
// all objects before the next.
func ReadText(text string, codes int) (found, certificates []Signed) {
	need(len(text) <= 8192, "malformed")
	objects := []object{}
	for rest := Fold(text); rest != ""; {
		one, length := readObject(rest)
		objects, rest = append(objects, one), rest[length:]
	}
	for _, one := range objects {
		kid, body, signature := hex.EncodeToString(one.data[2:6]), one.data[:len(one.data)-64], one.data[len(one.data)-64:]
		signed := readJWS(header(kid, one.typ), B64(body), B64(signature), one.typ)
		if one.typ == "lc1" {
			found = append(found, signed)
		} else {
			certificates = append(certificates, signed)
		}
	}
	need(len(objects) > 0 && len(found) == codes && len(certificates) <= 16, "malformed")
	for _, one := range objects {
		sum := sha256.Sum256(append([]byte(strings.ToUpper(one.typ)), one.data...))
		need(binary.BigEndian.Uint32(sum[:])>>7 == one.check, "mistyped")
	}
	for _, one := range objects {
		need(one.data[0] == 1 && (one.data[1] == 0 || one.data[1] <= 3 && one.typ == "lc1"), "unsupported_version")
	}
	return found, certificates
}

// readObject reads one object at the beginning of a folded text, and tells how long it is.
func readObject(text string) (object, int) {
	need(len(text) >= 3+165, "malformed")
	prefix, length := text[:3], 165
	if prefix == "LK1" {
		length = 197
	} else if strings.IndexByte(alphabet, Symbols(text[3:6])[2])%2 == 1 {
		length = 181
	}
	need((prefix == "LC1" || prefix == "LK1") && len(text) >= 3+length, "malformed")
	data, value, bits := []byte{}, uint32(0), 0
	symbols := Symbols(text[3 : 3+length])
	for i := 0; i < length-5; i++ {
		value, bits = value<<5|uint32(strings.IndexByte(alphabet, symbols[i])), bits+5
		if bits >= 8 {
			data, bits = append(data, byte(value>>(bits-8))), bits-8
		}
	}
	check := uint32(0)
	for _, symbol := range symbols[length-5:] {
		check = check<<5 | uint32(strings.IndexRune(alphabet, symbol))
	}
	return object{strings.ToLower(prefix), data, check}, 3 + length
}

// ReadCode takes the fields of a body apart and judges nothing.
func ReadCode(body []byte) Code {
	number := func(at int) uint32 { return binary.BigEndian.Uint32(body[at:]) }
	short := func(at int) uint16 { return binary.BigEndian.Uint16(body[at:]) }
	code := Code{
		License: hex.EncodeToString(body[6:14]), Product: number(14), Edition: short(18), Seats: short(20),
		Issued: int64(number(22)), PaidUntil: int64(number(26)), Revision: short(30),
		Features: number(32) & 0xffffff, Trial: body[1]&1 == 1, bind: body[36:],
	}
	code.WorksTo = code.PaidUntil + int64(body[32])*day
	if number(26) == 0xffffffff {
		code.PaidUntil, code.WorksTo = 0, 0
	}
	return code
}

// CheckRanges is row 9 of section 8.
func (code Code) CheckRanges() {
	perpetual := code.WorksTo == 0
	need(perpetual && !code.Trial || code.PaidUntil > code.Issued, "bad_range")
}

func (code Code) fits(fingerprint *string) bool {
	if len(code.bind) == 0 {
		return true
	}
	if fingerprint == nil || len(*fingerprint) < 1 || len(*fingerprint) > 5120 {
		return false
	}
	sum := sha256.Sum256([]byte("LC1 bind\x00" + *fingerprint))
	return string(sum[:10]) == string(code.bind)
}
