# Section 5, for licet.awk. A line for each object: typ, version and flags, check symbols as a number, kid, signature,
# signing input; then of a code: license id, product, issued, paid until, grace, binding; of a certificate: usages, from,
# to, public key in hex and in base64url, product, months, and the body without the kid of the root.
# DIR/object.N gets what the check symbols are over.
function text(dir, t,    rest, prefix, length_, s, n) {
    need(length(t) <= 8192)
    for (rest = fold(t); rest != ""; rest = substr(rest, 4 + length_)) {
        prefix = substr(rest, 1, 3)
        need(prefix ~ /^L[CK]1$/)
        length_ = prefix == "LK1" ? 197 : index(B32, symbols(substr(rest, 6, 1))) % 2 ? 165 : 181
        s = symbols(substr(rest, 4, length_))
        need(length(s) == length_)
        object(dir "/object." ++n, prefix, substr(s, 1, length_ - 5), number32(substr(s, length_ - 4)))
    }
}

function fold(t,    n) {
    while (match(t, /\357\274[\201-\277]|\357\275[\200-\236]/)) {
        n = ord[substr(t, RSTART + 2, 1)] - 96 + (substr(t, RSTART + 1, 1) == "\275" ? 64 : 0)
        t = substr(t, 1, RSTART - 1) chr[n] substr(t, RSTART + 3)
    }
    gsub(/[-\t-\r ]|\302[\205\240\255]|\341\232\200|\341\240\216|\342\200[\200-\225\250\251\257]/, "", t)
    gsub(/\342\201[\237\240]|\342\210\222|\343\200\200|\357\273\277/, "", t)
    t = toupper(t)
    need(t !~ /[^A-Z0-9]/)
    return t
}

function symbols(t) {
    need(t !~ /U/)
    gsub(/O/, "0", t)
    gsub(/[IL]/, "1", t)
    return t
}

function number32(s,    i, n) {
    for (i = 1; i <= length(s); i++) n = n * 32 + index(B32, substr(s, i, 1)) - 1
    return n
}

function object(file, prefix, s, check,    i, v, bits, hex, byte, body, header) {
    printf "%s", prefix > file
    for (i = 1; i <= length(s); i++) {
        v = v * 32 + index(B32, substr(s, i, 1)) - 1
        bits += 5
        if (bits >= 8) {
            bits -= 8
            byte = int(v / 2 ^ bits)
            v -= byte * 2 ^ bits
            printf "%c", byte > file
            hex = hex sprintf("%02x", byte)
        }
    }
    close(file)
    body = substr(hex, 1, length(hex) - 128)
    header = header_of(substr(hex, 5, 8), tolower(prefix))
    say(tolower(prefix) " " substr(hex, 1, 4) " " check " " substr(hex, 5, 8) " " substr(hex, length(hex) - 127) " " \
        header "." b64(body) " " (prefix == "LC1" ? code(body) : certificate(body)))
}

function field(body, at, bytes) { return sprintf("%.0f", number16(substr(body, 2 * at + 1, 2 * bytes))) }

# Section 3.1.
function code(body) {
    return substr(body, 13, 16) " " field(body, 14, 4) " " field(body, 22, 4) " " field(body, 26, 4) " " \
        field(body, 32, 1) " " substr(body, 73)
}

# Section 4.
function certificate(body) {
    return field(body, 10, 1) " " field(body, 11, 4) " " field(body, 15, 4) " " substr(body, 39, 64) " " b64(substr(body, 39, 64)) " " \
        field(body, 51, 4) " " field(body, 55, 1) " " substr(body, 1, 4) substr(body, 13)
}
