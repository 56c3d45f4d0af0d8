# Verifies Licet license texts and statements offline, as docs/license-code.md says (sections 1 to 8). To be sourced by a POSIX shell;
# needs openssl 3 and awk. Times are Unix seconds. What is empty is not known. Each prints the standing, or the claims as JSON, or why not and
# fails; of the reasons expired and not_yet_valid are standings too. Of a list of manifests the first is pinned; LK1 texts are met since, too:
#   licet_verify "$text" "$(date +%s)" "$product" "$fingerprint" "$build_time" "$(cat root-manifests.json)" [met since ...]
#   licet_statement "$jwt" "$(date +%s)" "$text" "$product_code" "$(cat root-manifests.json)" [met since ...]
licet_verify() { licet_awk 'BEGIN { verify(); answer() }' "$@"; }
licet_statement() { licet_awk 'BEGIN { verify_statement(); answer() }' "$@"; } # section 11 says what it means beside a code
licet_awk() ( # runs awk with the functions below, in a folder of its own for what openssl reads
  program=$1 folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && shift && cd "$folder" && LC_ALL=C awk "$licet_functions $program" "$@"
)
licet_functions='
BEGIN {
    for (i = 1; i < 256; i++) { chr[i] = sprintf("%c", i); ord[chr[i]] = i }
    HEX = "0123456789abcdef"; B32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    ORDER = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"; SHA = "openssl dgst -sha256 -r data" # section 2
    ONE = sprintf("%064d", 1); TOP = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec" # y of order 1, 2 and 4: 1, p - 1, 0
    SMALL = "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826 7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"
    DAY = 86400; LAST = 253402300799; SAFE = 9007199254740991; PERPETUAL = 4294967295; FOREVER = 1e15
    UTF8 = "[\302-\337]T|\340[\240-\277]T|[\341-\354\356\357]TT|\355[\200-\237]T|\360[\220-\277]TT|[\361-\363]TTT|\364[\200-\217]TT"
    STRING = "\"([^\"\\\\\001-\037]|\\\\([\"\\\\/bfnrt]|u[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]))*\""; gsub(/T/, "[\200-\277]", UTF8)
}
function need(condition, why) { if (!condition && reason == "") reason = why == "" ? "malformed" : why } # the first unmet counts
function answer() { print reason == "" ? said : reason; exit reason != "" }
function regroup(t, from, bits_in, to, bits_out,    i, v, bits, all) { # digits of another alphabet; bits that fill none are left out
    for (i = 1; i <= length(t); i++) {
        v = v * 2 ^ bits_in + index(from, substr(t, i, 1)) - 1
        for (bits += bits_in; bits >= bits_out; v %= 2 ^ bits) { bits -= bits_out; all = all substr(to, int(v / 2 ^ bits) + 1, 1) }
    }
    return all
}
function number(digits,    i, n) { for (i = 1; i <= length(digits); i++) n = n * 16 + index(HEX, substr(digits, i, 1)) - 1; return n + 0 }
function field(hex, at, bytes) { return number(substr(hex, 2 * at + 1, 2 * bytes)) }
function b64(hex) { return substr(regroup(hex "0000", HEX, 4, B64, 6), 1, int((2 * length(hex) + 2) / 3)) }
function unb64(t,    hex) { # the canonical spelling alone
    hex = regroup(t, B64, 6, HEX, 4); hex = substr(hex, 1, length(hex) - length(hex) % 2)
    need(t !~ /[^A-Za-z0-9_-]/ && b64(hex) == t); return hex }
function hex_of(t,    i, hex) { for (i = 1; i <= length(t); i++) hex = hex sprintf("%02x", ord[substr(t, i, 1)]); return hex }
function text_of(h,    i, all) { need(h !~ /^(..)*00/); for (i = 1; i < length(h); i += 2) all = all chr[number(substr(h, i, 2))]; return all }
function write(file, h,    i) { printf "" > file; for (i = 1; i < length(h); i += 2) printf "%c", number(substr(h, i, 2)) > file; close(file) }
function sha256(hex,    line) { write("data", hex); SHA | getline line; close(SHA); return substr(line, 1, 64) }
function reversed(hex,    i, all) { for (i = length(hex) - 1; i > 0; i -= 2) all = all substr(hex, i, 2); return all }
function is_point(y) { y = substr(HEX, (index(HEX, substr(y, 1, 1)) - 1) % 8 + 1, 1) substr(y, 2); return y > ONE && y < TOP && !index(SMALL, y) }
function strict1(x, signature, file) {
    if (length(x) != 64 || length(signature) != 128 || reversed(substr(signature, 65)) >= ORDER) return 0
    if (!is_point(reversed(x)) || !is_point(reversed(substr(signature, 1, 64)))) return 0
    write("key", "302a300506032b6570032100" x); write("signature", signature)
    return !system("openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in " file " -sigfile signature >/dev/null 2>&1")
}
function signed(x, signature, message) { printf "%s", message > "message"; close("message"); return strict1(x, signature, "message") }
function key_id(x) { return ids[x] = ids[x] ? ids[x] : substr(sha256(hex_of("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" b64(x) "\"}")), 1, 8) }
function header(kid, typ) { return b64(hex_of("{\"alg\":\"EdDSA\",\"kid\":\"" kid "\",\"typ\":\"" typ "\"}")) }
function jws(protected, payload, signature, typ,    kid) { # the header is the fixed text of some kid; gives kid, signature, message
    kid = substr(text_of(unb64(protected)), 23, 8); signature = unb64(signature)
    need(kid !~ /[^0-9a-f]/ && header(kid, typ) == protected && length(signature) == 128); return kid " " signature " " protected "." payload }
function json(t,    rest) { # strict, of UTF-8: type[path] and value[path], paths as "/keys/0/x"; of an array its length
    rest = t; gsub(UTF8, "", rest); need(rest !~ /[\200-\377]/)
    split("", type); split("", value); source = t; sub(/^[ \t\n\r]+/, "", source); parse("", 16); need(source == "")
}
function take(pattern) {
    if (!match(source, "^(" pattern ")[ \t\n\r]*")) return 0
    taken = substr(source, 1, RLENGTH); source = substr(source, RLENGTH + 1); sub(/[ \t\n\r]+$/, "", taken); return 1 }
function parse(path, room,    n, name, before) {
    need(!(path in type) && (room > 0 || source !~ /^[[{]/)); if (reason != "") return
    if (take("[{]")) {
        type[path] = "object"; if (take("}")) return
        do { need(take(STRING)); name = unescaped(taken); gsub("/", "\\/", name); need(take(":")); parse(path "/" name, room - 1) } while (take(","))
        need(take("}"))
    } else if (take("[[]")) {
        type[path] = "array"; value[path] = 0; if (take("]")) return
        do { before = source; parse(path "/" n++, room - 1); raw[path, n] = substr(before, 1, length(before) - length(source)) } while (take(","))
        need(take("]")); value[path] = n
    } else if (take(STRING)) { type[path] = "text"; value[path] = unescaped(taken)
    } else if (take("true|false|null")) type[path] = taken; else {
        need(take("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?")); type[path] = "number"; value[path] = taken + 0; need(taken - taken == 0)
    }
}
function unescaped(t,    all, c, u) { # as UTF-8; control characters and the backslash as \u escapes: one spelling each
    for (t = substr(t, 2, length(t) - 2); match(t, /\\/); all = all (u < 32 || u == 92 ? sprintf("\\u%04x", u) : utf8(u))) {
        all = all substr(t, 1, RSTART - 1); c = substr(t, RSTART + 1, 1)
        u = c == "u" ? number(tolower(substr(t, RSTART + 2, 4))) : index("btn fr", c) ? index("btn fr", c) + 7 : ord[c]
        t = substr(t, RSTART + (c == "u" ? 6 : 2)); if (u < 55296 || u > 57343) continue; need(u < 56320 && t ~ /^\\u[dD][c-fC-F]/)
        u = 65536 + (u - 55296) * 1024 + number(tolower(substr(t, 3, 4))) - 56320; t = substr(t, 7)
    }
    return all t
}
function utf8(u,    lead, all) {
    if (u < 128) return chr[u]; for (lead = 64; u >= lead; lead = lead == 64 ? 32 : lead / 2) { all = chr[128 + u % 64] all; u = int(u / 64) }
    return chr[256 - 2 * lead + u] all }
function is_text(path, form) { return type[path] == "text" && value[path] ~ form }
function is_int(path, low, high,    n) { n = value[path]; return type[path] == "number" && n == int(n) && low <= n && n <= high }
function fold(t,    n) { # section 5, steps 1 to 3
    for (n = 33; n < 127; n++) gsub("\357" (n < 96 ? "\274" chr[n + 96] : "\275" chr[n + 32]), chr[n], t)
    gsub(/[-\t-\r ]|\302[\205\240\255]|\341\232\200|\341\240\216|\342\200[\200-\225\250\251\257]/, "", t)
    gsub(/\342\201[\237\240]|\342\210\222|\343\200\200|\357\273\277/, "", t); need(t !~ /[^A-Za-z0-9]/); return toupper(t)
}
function symbols(t) { need(t !~ /U/); gsub(/O/, "0", t); gsub(/[IL]/, "1", t); return t } # step 5
function read_text(t, codes,    rest, first, room, size, s, hex, i) { # each check is made of all objects before the next
    need(length(t) <= 8192); t = fold(t); first = objects + 1; room = codes + 16
    for (rest = t; rest != "" && reason == ""; rest = substr(rest, 4 + size)) {
        need(rest ~ /^L[CK]1/); typ[++objects] = tolower(substr(rest, 1, 3)); codes -= typ[objects] == "lc1"
        size = typ[objects] == "lk1" ? 197 : index(B32, symbols(substr(rest, 6, 1))) % 2 ? 165 : 181
        s = symbols(substr(rest, 4, size)); need(length(s) == size)
        check[objects] = substr(s, size - 4); hex = regroup(substr(s, 1, size - 5), B32, 5, HEX, 4)
        body[objects] = substr(hex, 1, length(hex) - 128); signature[objects] = substr(hex, length(hex) - 127)
        kid[objects] = substr(hex, 5, 8); message[objects] = header(kid[objects], typ[objects]) "." b64(body[objects])
    }
    need(t != "" && codes == 0 && objects - first < room); for (i = first; i <= objects && reason == ""; i++)
        need(substr(regroup(substr(sha256(hex_of(toupper(typ[i])) body[i] signature[i]), 1, 8), HEX, 4, B32, 5), 1, 5) == check[i], "mistyped")
    for (i = first; i <= objects; i++) need(substr(body[i], 1, 4) ~ (typ[i] == "lc1" ? "010[0-3]" : "0100"), "unsupported_version")
}
function read_manifest(m, t,    i, payload) { # section 6
    need(length(t) <= 65536); json(t); payload = value["/payload"]; need(type["/payload"] == "text" && type["/signatures"] == "array")
    for (i = 0; i < value["/signatures"] && reason == ""; i++)
        signers[m] = signers[m] jws(value["/signatures/" i "/protected"], payload, value["/signatures/" i "/signature"], "licet-root+json") "\n"
    json(text_of(unb64(payload))); read_keys(m, "keys"); read_keys(m, "revoked")
    need(is_int("/version", 1, SAFE) && is_int("/threshold", 1, value["/keys"]) && is_int("/issued_at", 0, LAST))
    version[m] = value["/version"]; threshold[m] = value["/threshold"]
}
function read_keys(m, list,    i, n, x, seen) {
    need(type["/" list] == "array"); number_of[m, list] = value["/" list]
    for (i = 1; i <= value["/" list] && reason == ""; i++) {
        n = "/" list "/" (i - 1); need(is_text(n "/x", "") && is_text(n "/kid", "")); x = unb64(value[n "/x"])
        need(length(x) == 64 && !(value[n "/kid"] in seen) && key_id(x) == value[n "/kid"]); seen[value[n "/kid"]]
        need(list == "keys" || is_int(n "/at", 0, LAST) && type[n "/reason"] == "text")
        key[m, list, i] = x; about[m, list, x] = sprintf("%.0f ", value[n "/at"]) value[n "/reason"]
    }
}
function reaches(m, lines, other,    i, j, n, x, line, part, count) { # by keys of m that another does not revoke
    n = split(lines, line, "\n"); for (i = 1; i <= number_of[m, "keys"]; i++) for (j = 1; j <= n; j++) {
        x = key[m, "keys", i]; if (split(line[j], part, " ") != 3 || (other, "revoked", x) in about || part[1] != key_id(x)) continue
        if (signed(x, part[2], part[3])) { count++; break }
    }
    return count >= threshold[m]
}
function follows(m, last,    i, x) {
    for (i = 1; (x = key[last, "revoked", i]) != ""; i++)
        if (!((m, "revoked", x) in about) || about[m, "revoked", x] != about[last, "revoked", x]) return 0
    return version[m] == version[last] + 1 && reaches(last, signers[m], last) && reaches(m, signers[m], m) }
function met_since(pinned,    m, i, before, good, texts, manifests) { # what cannot be read or does not follow is passed over
    for (m = pinned; m < ARGC; m++) if (ARGV[m] ~ /^[ \t\r\n]*[[]/) { # of a list the first in its place, the others behind all that was given
        json(ARGV[m]); for (i = reason == "" ? value[""] : 0; i > 0; i--) ARGV[i == 1 ? m : ARGC++] = raw["", i]; reason = ""
    }
    read_manifest(pinned, ARGV[pinned]); chain[links = 1] = newest = pinned
    if (reason != "" || !reaches(pinned, signers[pinned], pinned)) { reason = "unknown_key"; return }
    for (m = pinned + 1; m < ARGC; m++) {
        before = objects; if (ARGV[m] !~ /^[ \t\r\n]*[[{]/) { if (++texts <= 64) read_text(ARGV[m], 0) }
        else if (++manifests <= 128) { read_manifest(m, ARGV[m]); good[m] = reason == "" }
        if (reason != "") objects = before; reason = ""
    }
    for (m = pinned + 1; m < ARGC && links < 64; m++) if (good[m] && follows(m, newest)) { chain[++links] = newest = m; m = pinned }
}
function grants(usages, usage) { return usages <= 8 && int(usages / usage) % 2 } # section 4
function endorse(k, sig, text, usage, issued, product, term,    i, g, grant, furthest, row) { # rows 4 to 8 of section 8
    for (i = 1; i <= objects; i++) {
        g = substr(body[i], 1, 4) "........" substr(body[i], 13)
        if (typ[i] == "lk1" && key_id(substr(g, 39, 64)) == k) grant[g] = grant[g] kid[i] " " signature[i] " " message[i] "\n"
    }
    for (g in grant) if ((i = rows_passed(g, grant[g], sig, text, usage, issued, product, term)) > furthest) furthest = i
    split("unknown_key key_revoked bad_signature outside_issuing_window not_certified", row, " "); need(furthest == 5, row[furthest + 1])
}
function rows_passed(g, lines, sig, text, usage, issued, product, term,    i, of, months) {
    for (i = 1; i <= links && !reaches(chain[i], lines, newest); i++) ; if (i > links) return 0
    if ((newest, "revoked", substr(g, 39, 64)) in about) return 1; if (!signed(substr(g, 39, 64), sig, text)) return 2
    if (issued < field(g, 11, 4) || issued >= field(g, 15, 4)) return 3; of = field(g, 51, 4); months = field(g, 55, 1)
    return 4 + (grants(field(g, 10, 1), usage) && (!of || of == product) && (!months || term <= months * 31 * DAY))
}
function verify(    c, now, b, product, issued, paid, works) { # section 8 without rows 12 and 14
    read_text(ARGV[1], 1); if (reason == "") met_since(6); if (reason != "") return; for (c = 1; typ[c] != "lc1"; c++) ;
    b = body[c]; product = field(b, 14, 4); issued = field(b, 22, 4); paid = field(b, 26, 4); works = paid + DAY * field(b, 32, 1)
    if (paid == PERPETUAL) paid = works = FOREVER; endorse(kid[c], signature[c], message[c], 1, issued, product, paid - issued)
    check_ranges(b); need(ARGV[3] == "" || ARGV[3] + 0 == product, "wrong_product")
    need(length(b) == 72 || length(ARGV[4]) >= 1 && length(ARGV[4]) <= 5120 && \
        substr(sha256(hex_of("LC1 bind") "00" hex_of(ARGV[4])), 1, 20) == substr(b, 73), "wrong_device")
    now = ARGV[2] + 0; need(now >= ARGV[5] - 2 * DAY, "clock_rolled_back"); need(now >= issued - 2 * DAY, "not_yet_valid")
    need(now < works, "expired"); said = now < paid ? "active" : "grace"
}
function check_ranges(b) { need(field(b, 26, 4) == PERPETUAL ? field(b, 1, 1) % 2 == 0 : field(b, 26, 4) > field(b, 22, 4), "bad_range") }
function read_statement(t,    part, i, n, claim) { # shape and claims of section 7; gives kid, signature and message
    need(length(t) <= 16384 && split(t, part, ".") == 3); said = text_of(unb64(part[2])); json(said)
    n = split("iss . aud . edition . sub ^[0-9a-f]+$ status ^(pending|active|frozen|released)$", claim, " ")
    for (i = 1; i < n; i += 2) need(is_text("/" claim[i], claim[i + 1]))
    n = split("root 1 9007199254740991 rev 0 65535 product 0 4294967295 seats 1 65535 iat 0 253402300799 exp 0 253402300799" \
        " paid_until 0 253402300799 works_until 0 253402300799", claim, " ")
    for (i = 1; i < n; i += 3) need(is_int("/" claim[i], claim[i + 1], claim[i + 2]) || claim[i] ~ /seats|until/ && type["/" claim[i]] == "null")
    need((type["/paid_until"] == "null") == (type["/works_until"] == "null") && value["/works_until"] >= value["/paid_until"])
    need(length(value["/sub"]) == 16 && type["/trial"] ~ /true|false/ && type["/features"] == "array")
    for (i = 0; i < value["/features"] && reason == ""; i++) need(is_text("/features/" i, "."))
    need(!("/device" in type) || is_text("/device", ".") && length(unb64(value["/device"])) == 64)
    need(!("/nonce" in type) || is_text("/nonce", "^[A-Za-z0-9_-]+$") && length(value["/nonce"]) <= 64)
    return jws(part[1], part[2], part[3], "license-statement+jwt")
}
function verify_statement(    part, id, iat, product, aud, c) { # about a good license text
    split(read_statement(ARGV[1]), part, " "); id = value["/sub"]; iat = value["/iat"]; product = value["/product"]; aud = value["/aud"]
    read_text(ARGV[3], 1); if (reason == "") met_since(5); if (reason != "") return; for (c = 1; typ[c] != "lc1"; c++) ;
    endorse(part[1], part[2], part[3], 2, iat, product, 0)
    need(substr(body[c], 13, 16) == id, "wrong_license"); need(field(body[c], 14, 4) == product, "wrong_product")
    need(ARGV[4] == "" || ARGV[4] "" == aud, "wrong_product"); need(iat <= ARGV[2] + DAY, "not_yet_valid")
}
'
