# Reads what licet.sh verifies: base64url, JWS, strict JSON, statements and root manifests (docs/license-code.md
# sections 1, 6 and 7); text.awk reads license texts. To be run in LC_ALL=C. What cannot be read: "malformed", exit 1.
BEGIN {
    for (i = 1; i < 256; i++) { chr[i] = sprintf("%c", i); ord[chr[i]] = i }
    B32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    STRING = "\"([^\"\\\\\001-\037]|\\\\([\"\\\\/bfnrt]|u[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]))*\""
    LAST = 253402300799; SAFE = 9007199254740991
    if (ARGV[1] == "text") text(ARGV[2], ARGV[3])
    else if (ARGV[1] == "fold") say(symbols(fold(ARGV[2])))
    else if (ARGV[1] == "base64url") say(unb64(ARGV[2], 0))
    else if (ARGV[1] == "statement") statement(ARGV[2])
    else manifest(ARGV[2])
    printf "%s", out
    exit 0
}

function say(line) { out = out line "\n" }
function need(condition) { if (!condition) { print "malformed"; exit 1 } }

# Section 1.
function header_of(kid, typ,    i, t, hex) {
    t = "{\"alg\":\"EdDSA\",\"kid\":\"" kid "\",\"typ\":\"" typ "\"}"
    for (i = 1; i <= length(t); i++) hex = hex sprintf("%02x", ord[substr(t, i, 1)])
    return b64(hex)
}

function hexdigit(c) { return index("0123456789abcdef", tolower(c)) - 1 }

function b64(hex,    i, v, bits, t) {
    for (i = 1; i <= length(hex); i++) {
        v = v * 16 + hexdigit(substr(hex, i, 1))
        bits += 4
        if (bits >= 6) {
            bits -= 6
            t = t substr(B64, int(v / 2 ^ bits) + 1, 1)
            v %= 2 ^ bits
        }
    }
    return bits ? t substr(B64, v * 2 ^ (6 - bits) + 1, 1) : t
}

# The bytes of the canonical spelling: as hex, or as text, in which byte 0 has no place.
function unb64(t, as_text,    i, v, bits, byte, piece, all) {
    need(t !~ /[^A-Za-z0-9_-]/ && length(t) % 4 != 1)
    for (i = 1; i <= length(t); i++) {
        v = v * 64 + index(B64, substr(t, i, 1)) - 1
        bits += 6
        if (bits < 8) continue
        bits -= 8
        byte = int(v / 2 ^ bits)
        v %= 2 ^ bits
        need(byte || !as_text)
        piece = piece (as_text ? chr[byte] : sprintf("%02x", byte))
        if (length(piece) > 250) { all = all piece; piece = "" }
    }
    need(v == 0)
    return all piece
}

# "kid signature" of a JWS whose header is the fixed text of some kid.
function jws(header, signature, typ,    kid) {
    kid = substr(unb64(header, 1), 23, 8)
    signature = unb64(signature, 0)
    need(kid !~ /[^0-9a-f]/ && header_of(kid, typ) == header && length(signature) == 128)
    return kid " " signature
}

# Strict JSON: type[path] and value[path], paths as "/keys/0/x".
function json(t,    rest) {
    rest = t
    gsub(/[\302-\337][\200-\277]|\340[\240-\277][\200-\277]|[\341-\354\356\357][\200-\277][\200-\277]/, "", rest)
    gsub(/\355[\200-\237][\200-\277]|\360[\220-\277][\200-\277][\200-\277]/, "", rest)
    gsub(/[\361-\363][\200-\277][\200-\277][\200-\277]|\364[\200-\217][\200-\277][\200-\277]/, "", rest)
    need(rest !~ /[\200-\377]/)
    split("", type); split("", value); split("", seen)
    source = t; sub(/^[ \t\n\r]+/, "", source)
    parse("", 16)
    need(source == "")
}

function take(pattern,    token) {
    if (!match(source, "^(" pattern ")[ \t\n\r]*")) return 0
    taken = substr(source, 1, RLENGTH)
    source = substr(source, RLENGTH + 1)
    sub(/[ \t\n\r]+$/, "", taken)
    return 1
}

function parse(path, room,    n, name) {
    if (take("[{]")) {
        need(room > 0); type[path] = "object"
        if (take("}")) return
        do {
            need(take(STRING)); name = unescaped(taken)
            need(!((path, name) in seen) && take(":")); seen[path, name] = 1
            parse(path "/" (name ~ /^[a-z_]+$/ ? name : "?" ++unnamed), room - 1)
        } while (take(","))
        need(take("}"))
    } else if (take("[[]")) {
        need(room > 0); type[path] = "array"; value[path] = 0
        if (take("]")) return
        do parse(path "/" n++, room - 1); while (take(","))
        need(take("]")); value[path] = n
    } else if (take(STRING)) { type[path] = "text"; value[path] = unescaped(taken) }
    else if (take("true|false|null")) { type[path] = taken }
    else {
        need(take("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?"))
        type[path] = "number"; value[path] = taken + 0
        need(value[path] - value[path] == 0)
    }
}

# The text within the quotes as UTF-8; control characters and the backslash as \u escapes, so every text has one spelling.
function unescaped(t,    all, c, u) {
    t = substr(t, 2, length(t) - 2)
    while (match(t, /\\/)) {
        all = all substr(t, 1, RSTART - 1)
        c = substr(t, RSTART + 1, 1)
        u = c ~ /[bfnrt]/ ? substr("081210130009", 2 * index("bfnr", c) - 1, 2) + 0 : ord[c]
        if (c == "t") u = 9
        if (c == "u") u = number16(substr(t, RSTART + 2, 4))
        t = substr(t, RSTART + (c == "u" ? 6 : 2))
        if (c == "u" && u >= 55296 && u <= 57343) {
            need(u < 56320 && t ~ /^\\u[dD][c-fC-F]/)
            u = 65536 + (u - 55296) * 1024 + number16(substr(t, 3, 4)) - 56320
            t = substr(t, 7)
        }
        all = all (u < 32 || u == 92 ? sprintf("\\u%04x", u) : utf8(u))
    }
    return all t
}

function utf8(u) {
    if (u < 128) return chr[u]
    if (u < 2048) return chr[192 + int(u / 64)] chr[128 + u % 64]
    if (u < 65536) return chr[224 + int(u / 4096)] chr[128 + int(u / 64) % 64] chr[128 + u % 64]
    return chr[240 + int(u / 262144)] chr[128 + int(u / 4096) % 64] chr[128 + int(u / 64) % 64] chr[128 + u % 64]
}

function number16(hex,    i, n) {
    for (i = 1; i <= length(hex); i++) n = n * 16 + hexdigit(substr(hex, i, 1))
    return n
}

function is_int(path, low, high) {
    return type[path] == "number" && value[path] == int(value[path]) && low <= value[path] && value[path] <= high
}
function is_text(path, pattern) { return type[path] == "text" && value[path] ~ pattern }

# Section 7. One line: kid, signature, sub, iat, product, aud.
function statement(t,    part, head, i) {
    need(length(t) <= 16384 && split(t, part, ".") == 3)
    head = jws(part[1], part[3], "license-statement+jwt")
    json(unb64(part[2], 1))
    need(is_text("/iss", ".") && is_text("/aud", ".") && is_text("/edition", ".") && type["/trial"] ~ /true|false/)
    need(is_text("/sub", "^[0-9a-f]+$") && length(value["/sub"]) == 16)
    need(is_text("/status", "^(pending|active|frozen|released)$") && is_int("/iat", 0, LAST) && is_int("/exp", 0, LAST))
    need(is_int("/root", 1, SAFE) && is_int("/rev", 0, 65535) && is_int("/product", 0, 4294967295))
    need(type["/seats"] == "null" || is_int("/seats", 1, 65535))
    need(type["/paid_until"] == "null" && type["/works_until"] == "null" || is_int("/paid_until", 0, LAST) \
        && is_int("/works_until", 0, LAST) && value["/works_until"] >= value["/paid_until"])
    need(type["/features"] == "array")
    for (i = 0; i < value["/features"]; i++) need(is_text("/features/" i, "."))
    need(!("/device" in type) || is_text("/device", ".") && length(unb64(value["/device"], 0)) == 64)
    need(!("/nonce" in type) || is_text("/nonce", "^[A-Za-z0-9_-]+$") && length(value["/nonce"]) <= 64)
    say(head " " value["/sub"] " " sprintf("%.0f %.0f ", value["/iat"], value["/product"]) value["/aud"])
}

# Section 6. Lines: manifest version threshold; key x x64 kid; revoked x x64 kid at reason; signature kid signature message.
function manifest(t,    payload, i, n) {
    need(length(t) <= 65536)
    json(t)
    payload = value["/payload"]
    need(type["/payload"] == "text" && type["/signatures"] == "array")
    for (i = 0; i < value["/signatures"]; i++) {
        n = "/signatures/" i
        need(is_text(n "/protected", ".") && is_text(n "/signature", "."))
        say("signature " jws(value[n "/protected"], value[n "/signature"], "licet-root+json") " " value[n "/protected"] "." payload)
    }
    json(unb64(payload, 1))
    keys("key", "/keys")
    keys("revoked", "/revoked")
    need(is_int("/version", 1, SAFE) && is_int("/threshold", 1, value["/keys"]) && is_int("/issued_at", 0, LAST))
    say(sprintf("manifest %.0f %d", value["/version"], value["/threshold"]))
}

# The shell compares the kid with the thumbprint of x.
function keys(word, path,    i, n, x, kids) {
    need(type[path] == "array")
    for (i = 0; i < value[path]; i++) {
        n = path "/" i
        need(is_text(n "/x", ".") && is_text(n "/kid", "^[0-9a-f]+$") && !(value[n "/kid"] in kids))
        x = unb64(value[n "/x"], 0)
        need(length(x) == 64 && (word == "key" || is_int(n "/at", 0, LAST) && type[n "/reason"] == "text"))
        kids[value[n "/kid"]]
        say(word " " x " " value[n "/x"] " " value[n "/kid"] (word == "key" ? "" : sprintf(" %.0f ", value[n "/at"]) value[n "/reason"]))
    }
}
