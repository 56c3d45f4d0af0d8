#!/bin/sh
# Runs the vector files: run.sh VECTORS [STRICT]. Prints every difference and the sums; fails at a difference.
# jq reads the files, the verifier has no need of it. Parts run at once, since every check of a signature starts openssl.
LICET_HOME=$(dirname "$0")
. "$LICET_HOME/licet.sh"
vectors=$1 strict=${2-} results=$licet_tmp

# Makes shell commands of a file with jq and runs them. A lone surrogate, which some bad texts have, becomes U+FFFD.
each() {
  file=$1
  sed -E 's/\\\\/@B@/g; s/\\u(d[89ab]..)\\u(d[c-f]..)/@\1@\2@/g; s/\\ud[89a-f]../\\ufffd/g' "$vectors/$file" |
    sed -E 's/@(d...)@(d...)@/\\u\1\\u\2/g; s/@B@/\\\\/g' |
    jq -r "def named: (.name // .why | @sh); def reason: (.reason // \"malformed\" | @sh); $2" >"$licet_tmp/commands"
  . "$licet_tmp/commands"
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

# scalar NAME EXPECTED MODE TEXT
scalar() {
  case $4 in *'<NUL>'*) skip 'with the character U+0000, which no argument holds' && return ;; esac
  got=$(licet_read "$3" "$4")
  check "$1" "$2"
}

# object NAME EXPECTED CODES TEXT [JWS X]: what reading one object gives; of a good one also its signature and both spellings.
object() {
  got=
  read_text "$4" "$3" && got=$(body_of "$objects" "${5-}" "${6-}") || got=$reason
  check "$1" "$2"
}

body_of() {
  set -- "$2" "$3" $1 # then typ, flags, check, kid, signature, message, and of a code license, product, issued, paid
  if [ "$3" = lc1 ]; then
    ranges "${11}" "${12}" "$4" || { echo bad_range && return; }
  elif [ $# -gt 16 ]; then
    echo malformed && return # the file is about a certificate alone
  fi
  [ "$(licet_read base64url "${1##*.}")" = "$7" ] && [ "${1%.*}" = "$8" ] && signed_by "$2" "$7" "$8" || return
  licet_read base64url "${8#*.}"
}

# bodies NAME EXPECTED TEXT: the code first.
bodies() {
  if read_text "$3" 1; then
    got=$(for message in $(printf '%s\n' "$objects" | sort -s -k 1,1 | cut -d ' ' -f 6); do
      licet_read base64url "${message#*.}"
    done)
  else
    got=$reason
  fi
  check "$1" "$2"
}

# manifest NAME EXPECTED TEXT: the version.
manifest() {
  got=malformed
  read_manifest "$3" && got=${manifest##*"${line_end}manifest "} && got=${got% *}
  check "$1" "$2"
}

# statement NAME EXPECTED JWT X
statement() {
  got=malformed
  claims=$(licet_read statement "$3") && set -- "$1" "$2" "$3" "${4-}" $claims &&
    signed_by "$4" "$6" "${3%.*}" && got="$7 $8 $9"
  check "$1" "$2"
}

coverage() {
  got=false
  licet_grants "$3" "$4" && got=true
  check "$1" "$2"
}

# trust MANIFEST...: opened anew only when it is another one than before.
trust() {
  [ "$*" = "${opened-}" ] || licet_trust "$@"
  opened="$*"
}

# verdict NAME EXPECTED TEXT NOW PRODUCT FINGERPRINT BUILD [CERTIFICATE...]
verdict() {
  name=$1 expected=$2
  shift 2
  licet_verify "$@" && got="true $standing" || got="false $standing $reason"
  check "$name" "$expected"
}

# heard NAME EXPECTED TEXT JWT NOW CODE CERTIFICATE...
heard() {
  name=$1 expected=$2 jwt=$4 now=$5 code=$6 file="$file statements"
  read_text "$3" 1
  license=$(printf '%s\n' "$objects" | awk '$1 == "lc1" { print $7, $8 }')
  shift 6
  licet_statement "$jwt" "$now" "${license% *}" "${license#* }" "$code" "$@"
  got=$reason
  check "$name" "$expected"
  file=${file% statements}
}

# Every Nth signature from one on.
signatures() {
  file=strict-1
  jq -r --argjson from "$1" --argjson every "$2" '. as $all | range($from; length; $every) as $i | $all[$i]
    | "\(.set) \(.id) x\(.pk) x\(.sig) \(.ok) \(.msg)"' "$strict" >"$licet_tmp/commands"
  while read -r set id key signature ok message; do
    bytes "$message" >"$licet_tmp/message"
    strict1 "${key#x}" "${signature#x}" "$licet_tmp/message" && got=true || got=false
    if [ "$got$ok$message" = falsetrue ]; then
      skip 'an empty message, which pkeyutl of some OpenSSL cannot take and no object has'
    else
      check "$set $id" "$ok"
    fi
  done <"$licet_tmp/commands"
}

reading() {
  each base64url.json '(.good[] | "scalar \(named) \(.hex | @sh) base64url \(.text | @sh)"),
    (.bad[] | "scalar \(named) malformed base64url \(.text | gsub("\u0000"; "<NUL>") | @sh)")'
  each crockford.json '(.folded[] | "scalar \(named) \(.symbols | @sh) fold \(.text | @sh)"),
    (.refused[] | "scalar \(named) malformed fold \(.text | gsub("\u0000"; "<NUL>") | @sh)")'
  x='(.keys[] | select(.label == $who) | .x) as $x'
  each license-code.json '"signer" as $who | '"$x"' | (.good[] | "object \(named) \(.body_hex) 1 \(.code) \(.jws) $(hex \($x))"),
    (.bad[] | "object \(named) \(.reason) 1 \(.code | @sh)")'
  each key-certificate.json '"root" as $who | '"$x"' | (.good[] | "object \(named) \(.body_hex) 0 \(.certificate) \(.jws) $(hex \($x))"),
    (.bad[] | "object \(named) \(.reason) 0 \(.certificate | @sh)"), (.coverage[] | "coverage \(named) \(.grants) \(.usages) \(.usage)")'
  each license-text.json '(.good[] | "bodies \(named) \([.body_hex, .certificate_bodies_hex[]] | join("\n") | @sh) \(.text | @sh)"),
    (.bad[] | "bodies \(named) \(.reason) \(.text | @sh)")'
  each root-manifest.json '(.good[] | "manifest \(named) \(.payload.version) \(.text | @sh)"),
    (.bad[] | "manifest \(named) malformed \(.text | @sh)")'
  each statement.json '"statements" as $who | '"$x"' | (.good[] |
      "statement \(named) \"\(.claims | "\(.sub) \(.iat) \(.product)")\" \(.jwt) $(hex \($x))"),
    (.bad[] | "statement \(named) malformed \(.jwt | @sh)")'
}

hex() {
  licet_read base64url "$1"
}

# Manifests as arguments of trust; then what is known. What the program leaves out is skipped and counted.
verdicts() {
  known='[.text, "\(.now)", (.product // "" | tostring), .fingerprint // "", ((.buildTime // .build_time) // "" | tostring)]'
  verdict='"verdict \(named) \(.expect | if .valid then "true \(.standing)" else "false \(.standing // "") \(.reason)" end | @sh)
    \('"$known"' + (.certificates // []) | @sh)"'
  each verdicts.json '.manifests as $all | .cases[] | "trust \(.manifests // $all | map(tojson) | @sh)", '"$verdict | gsub(\"\\n *\"; \" \")"
  each verdicts-since.json '.root as $root | .cases[] | if has("list") then "skip \"with a revocation list\"" else
    "trust \($root + (.manifests // []) | map(tojson) | @sh)",
    (if .expect.decided_by == "statement" then "skip \"a license that a statement decides\"" else '"$verdict"' | gsub("\n *"; " ") end),
    (if has("statement") | not then empty elif .now < (.build_time // 0) - 172800
      then "statement_skipped" else "heard \(named) \([.expect.warnings[]
        | select(startswith("statement_")) | .[10:] | select(. != "not_fresh" and . != "wrong_device")][0] // "" | @sh) \(
          [.text, .statement, "\(.now)", .product_code // ""] + .certificates | @sh)" end) end'
}

# A part of its own: shell variables and files that no other part touches.
part() {
  (
    licet_tmp=$results/part.$1
    mkdir "$licet_tmp"
    shift
    "$@"
  ) &
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
