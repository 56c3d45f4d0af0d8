# Verifies Licet license texts and statements offline, as docs/license-code.md says (sections 1 to 8). To be sourced by
# dash or bash, with the folder it is in as $LICET_HOME; needs openssl 3 and awk. Times are Unix seconds.
#
#   licet_trust "$(cat manifest.json)" [later manifest ...]            once; the first is pinned
#   licet_verify "$text" "$(date +%s)" [product] [fingerprint] [build time] [certificate ...]
#   licet_statement "$jwt" "$now" [license id] [product] [product code] [certificate ...]
#
# It sets a trap on EXIT. Each returns 0 for yes. $reason says why not, $standing is the standing or empty. An argument that is '' is not known.
LC_ALL=C
export LC_ALL
licet_tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$licet_tmp"' EXIT
. "$LICET_HOME/signed.sh"
. "$LICET_HOME/trust.sh"

# Section 6, "Chain": what does not follow is passed over.
licet_trust() {
  local found text
  read_manifest "$1" && { reaches "$manifest" "$manifest" "$manifest" || refuse malformed; } || return
  shift
  manifests=0 found=1
  while [ -n "$found" ] && [ "$manifests" -lt 64 ]; do
    manifests=$((manifests + 1)) newest=$manifest found=
    eval "manifest_$manifests=\$manifest"
    for text; do
      read_manifest "$text" && follows && found=1 && break
    done
  done
}

# Adds the certificates of texts to $objects, what is none is passed over.
licet_add() {
  local all text
  all=$objects
  for text; do
    read_text "$text" 0 && all="$all$line_end$objects"
  done
  objects=$all reason=
}

# Section 8, row 9: issued, paid until, version and flags.
ranges() {
  case $2$3 in 429496729501?[13]) return 1 ;; 4294967295*) return 0 ;; esac
  [ "$1" -lt "$2" ]
}

# Section 8, without rows 12 and 14.
licet_verify() {
  local now asked fingerprint build kid signature message license product issued paid works grace flags binding term digest
  standing= reason=
  read_text "$1" 1 || return
  now=$2 asked=${3-} fingerprint=${4-} build=${5:-0}
  [ $# -le 5 ] || { shift 5 && licet_add "$@"; }
  read -r _ flags _ kid signature message license product issued paid grace binding <<EOF
$(printf '%s\n' "$objects" | grep '^lc1 ')
EOF
  works=$((paid + 86400 * grace))
  [ "$paid" != 4294967295 ] || works=999999999999999
  endorse "$kid" "$signature" "$message" "$issued" 1 "$product" $((works < 999999999999999 ? paid - issued : works)) || return
  ranges "$issued" "$paid" "$flags" || refuse bad_range || return
  [ "${asked:-$product}" = "$product" ] || refuse wrong_product || return
  if [ -n "$binding" ]; then
    [ ${#fingerprint} -ge 1 ] && [ ${#fingerprint} -le 5120 ] || refuse wrong_device || return
    { printf 'LC1 bind\0'; printf '%s' "$fingerprint"; } >"$licet_tmp/fingerprint"
    digest=$(openssl dgst -sha256 -r "$licet_tmp/fingerprint")
    case $digest in "$binding"*) ;; *) refuse wrong_device || return ;; esac
  fi
  [ "$now" -ge $((build - 172800)) ] || refuse clock_rolled_back || return
  standing=not_yet_valid
  [ "$now" -ge $((issued - 172800)) ] || refuse not_yet_valid || return
  [ "$now" -ge "$issued" ] || now=$issued
  standing=expired
  [ "$now" -lt "$works" ] || refuse expired || return
  standing=active
  [ "$now" -lt "$paid" ] || [ "$works" = 999999999999999 ] || standing=grace
}

# Section 7: whether to listen to a statement; $claims has what it says. What that means beside a code is section 11.
licet_statement() {
  local jwt now license product code kid signature sub iat about aud
  reason=
  claims=$(licet_read statement "$1") || refuse malformed || return
  jwt=$1 now=$2 license=${3-} product=${4-} code=${5-}
  shift 5
  objects=
  licet_add "$@"
  read -r kid signature sub iat about aud <<EOF
$claims
EOF
  endorse "$kid" "$signature" "${jwt%.*}" "$iat" 2 "$about" 0 || return
  [ "${license:-$sub}" = "$sub" ] || refuse wrong_license || return
  [ "${product:-$about}" = "$about" ] && [ "${code:-$aud}" = "$aud" ] || refuse wrong_product || return
  [ "$iat" -le $((now + 86400)) ] || refuse not_yet_valid
}
