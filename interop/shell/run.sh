#!/bin/sh
# Runs the vector files: run.sh VECTORS [STRICT]. Prints every difference and the sums; fails at a difference.
# jq reads the files, the verifier has no need of it. Parts run at once, since every check of a signature starts openssl.
. "$(dirname "$0")/licet.sh"
vectors=$1 strict=${2-} results=$(mktemp -d) || exit
trap 'rm -rf "$results"' EXIT

# Makes shell commands of a file with jq and runs them. A lone surrogate, which some bad texts have, becomes U+FFFD.
each() {
  file=$1
  sed -E 's/\\\\/@B@/g; s/\\u(d[89ab]..)\\u(d[c-f]..)/@\1@\2@/g; s/\\ud[89a-f]../\\ufffd/g' "$vectors/$file" |
    sed -E 's/@(d...)@(d...)@/\\u\1\\u\2/g; s/@B@/\\\\/g' |
    jq -r "def named: (.name // .why | @sh); def reason: (.reason // \"malformed\" | @sh); $2" >"$results/commands.$part"
  . "$results/commands.$part"
}

# check NAME EXPECTED: compares $got, a reason or what was read.
check() {
  if [ "$got" = "$2" ]; then
    echo "$file" >>"$results/equal"
  else
    echo "different: $file: $1: $got, not $2" >>"$results/different"
  fi
}

skip() {
  echo "$file: $1" >>"$results/skipped"
}

statement_skipped() {
  file="$file statements"
  skip 'beside a clock that was set back'
  file=${file% statements}
}

# said NAME EXPECTED PROGRAM ARGUMENT...: what an awk program says by the functions of the verifier, or why it refuses.
said() {
  name=$1 expected=$2 program=$3
  shift 3
  case $1 in *'<NUL>'*) skip 'with the character U+0000, which no argument holds' && return ;; esac
  got=$(licet_awk "BEGIN { $program; answer() }" "$@")
  check "$name" "$expected"
}

# Programs, and their arguments.
base64url='said = unb64(ARGV[1])'
folded='said = symbols(fold(ARGV[1]))'
covered='said = grants(ARGV[1], ARGV[2]) ? "true" : "false"'
bodies='read_text(ARGV[1], 1); for (c = 1; c < objects && typ[c] != "lc1"; c++); said = body[c]
  for (i = 1; i <= objects; i++) if (i != c) said = said "\n" body[i]'
manifest='read_manifest(1, ARGV[1]); said = version[1]'
# Of a good object also the key in base64url and the compact form, which must be what was signed.
is_signed='if (ARGC > 2) need(signed(unb64(ARGV[3]), sig, text) && ARGV[2] == text "." b64(sig), "not signed")'
object='sig = signature[1]; text = message[1]; said = body[1]; need(objects == 1)'
code="read_text(ARGV[1], 1); check_ranges(body[1]); $object; $is_signed"
certificate="read_text(ARGV[1], 0); $object; $is_signed"
statement="split(read_statement(ARGV[1]), part, \" \"); sig = part[2]; text = part[3]; $is_signed"

# verdict NAME EXPECTED TEXT NOW PRODUCT FINGERPRINT BUILD MANIFEST...: "standing reason".
verdict() {
  name=$1 expected=$2
  shift 2
  got=$(licet_verify "$@") && got="true $got" || case $got in
    expired | not_yet_valid) got="false $got $got" ;;
    *) got="false  $got" ;;
  esac
  check "$name" "$expected"
}

# heard NAME EXPECTED JWT NOW TEXT CODE MANIFEST...: why a statement beside a text is not listened to.
heard() {
  name=$1 expected=$2 file="$file statements"
  shift 2
  got=$(licet_statement "$@") && got=
  check "$name" "$expected"
  file=${file% statements}
}

# Every Nth signature from one on, in one program.
signatures() {
  jq -r --argjson from "$1" --argjson every "$2" '. as $all | range($from; length; $every) as $i | $all[$i]
    | "\(.set) \(.id) x\(.pk) x\(.sig) \(.ok) \(.msg)"' "$strict" >"$results/commands.$part"
  licet_awk '{
      write("message", $6)
      got = strict1(substr($3, 2), substr($4, 2), "message") ? "true" : "false"
      if (got == $5) print "strict-1" >> (results "/equal")
      else if ($6 == "") print "strict-1: an empty message, which pkeyutl of some OpenSSL cannot take and no object has" >> (results "/skipped")
      else print "different: strict-1: " $1 " " $2 ": " got ", not " $5 >> (results "/different")
      fflush()
    }' results="$results" "$results/commands.$part"
}

reading() {
  each base64url.json '(.good[] | "said \(named) \(.hex | @sh) \"$base64url\" \(.text | @sh)"),
    (.bad[] | "said \(named) malformed \"$base64url\" \(.text | gsub("\u0000"; "<NUL>") | @sh)")'
  each crockford.json '(.folded[] | "said \(named) \(.symbols | @sh) \"$folded\" \(.text | @sh)"),
    (.refused[] | "said \(named) malformed \"$folded\" \(.text | gsub("\u0000"; "<NUL>") | @sh)")'
  x='(.keys[] | select(.label == $who) | .x) as $x'
  each license-code.json '"signer" as $who | '"$x"' | (.good[] | "said \(named) \(.body_hex) \"$code\" \(.code) \(.jws) \($x)"),
    (.bad[] | "said \(named) \(.reason) \"$code\" \(.code | @sh)")'
  each key-certificate.json '"root" as $who | '"$x"' | (.good[] | "said \(named) \(.body_hex) \"$certificate\" \(.certificate) \(.jws) \($x)"),
    (.bad[] | "said \(named) \(.reason) \"$certificate\" \(.certificate | @sh)"), (.coverage[] | "said \(named) \(.grants) \"$covered\" \(.usages) \(.usage)")'
  each license-text.json '(.good[] | "said \(named) \([.body_hex, .certificate_bodies_hex[]] | join("\n") | @sh) \"$bodies\" \(.text | @sh)"),
    (.bad[] | "said \(named) \(.reason) \"$bodies\" \(.text | @sh)")'
  each root-manifest.json '(.good[] | "said \(named) \(.payload.version) \"$manifest\" \(.text | @sh)"),
    (.bad[] | "said \(named) malformed \"$manifest\" \(.text | @sh)")'
  each statement.json '"statements" as $who | '"$x"' | (.good[] |
      "said \(named) \(.jwt | split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | @base64d | @sh) \"$statement\" \(.jwt) \(.jwt) \($x)"),
    (.bad[] | "said \(named) malformed \"$statement\" \(.jwt | @sh)")'
}

# What is known, then a chain, pinned as one array, and what was met since, one by one. What the program leaves out is skipped and counted.
verdicts() {
  met='[$pinned | tojson] + ($since | map(tojson)) + (.certificates // [])'
  verdict='"verdict \(named) \(.expect | if .valid then "true \(.standing)" else "false \(.standing // "") \(.reason)" end | @sh) \(
    [.text, "\(.now)", (.product // "" | tostring), .fingerprint // "", ((.buildTime // .build_time) // "" | tostring)] + '"$met"' | @sh)"'
  each verdicts.json '.manifests as $all | .cases[] | (.manifests // $all) as $pinned | [] as $since | '"$verdict"
  each verdicts-since.json '.root as $pinned | .cases[] | (.manifests // []) as $since |
    if has("list") then "skip \"with a revocation list\"" else
    (if .expect.decided_by == "statement" then "skip \"a license that a statement decides\"" else '"$verdict"' end),
    (if has("statement") | not then empty elif .now < (.build_time // 0) - 172800
      then "statement_skipped" else "heard \(named) \([.expect.warnings[]
        | select(startswith("statement_")) | .[10:] | select(. != "not_fresh" and . != "wrong_device")][0] // "" | @sh) \(
          [.statement, "\(.now)", .text, .product_code // ""] + '"$met"' | @sh)" end) end'
}

# A part of its own beside the others.
part() {
  part=$1
  shift
  "$@" &
}

for file in equal different skipped; do : >"$results/$file"; done
part 1 reading
part 2 verdicts
if [ -n "$strict" ]; then
  part 3 signatures 0 2
  part 4 signatures 1 2
fi
wait
cat "$results/different"
for file in $(sort -u "$results/equal" | tr ' ' '_'); do
  name=$(echo "$file" | tr '_' ' ')
  echo "$(grep -cx "$name" "$results/equal") equal, $(grep -c "^different: $name: " "$results/different") different: $name"
done
sort "$results/skipped" | uniq -c | sed -E 's/^ *([0-9]+) (.*)$/\1 skipped: \2/'
[ ! -s "$results/different" ]
