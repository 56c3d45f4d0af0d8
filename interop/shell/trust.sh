# License texts, root manifests and certificates, for licet.sh (docs/license-code.md, sections 4 to 6 and 8).

# Section 5: $objects of a text with so many codes, a line each as text.awk says.
read_text() {
  local typ flags check checks count codes unknown file digests
  objects=$(licet_read text "$licet_tmp" "$1") && [ -n "$objects" ] || refuse malformed || return
  count=0 codes=0 checks= unknown=
  while read -r typ flags check _; do
    count=$((count + 1)) checks="$checks $check"
    [ "$typ" = lk1 ] || codes=$((codes + 1))
    case $typ$flags in lc1010[0-3] | lk10100) ;; *) unknown=1 ;; esac
  done <<EOF
$objects
EOF
  [ "$codes" = "$2" ] && [ $((count - codes)) -le 16 ] || refuse malformed || return
  set --
  while [ $# -lt "$count" ]; do set -- "$@" "$licet_tmp/object.$(($# + 1))"; done
  digests=$(openssl dgst -sha256 -r "$@")
  for check in $checks; do
    [ $((0x${digests%"${digests#$Q8}"} >> 7)) = "$check" ] || refuse mistyped || return
    digests=${digests#*"$line_end"}
  done
  [ -z "$unknown" ] || refuse unsupported_version
}

# Section 6: $manifest, lines as licet.awk says.
read_manifest() {
  local word x kid
  manifest=$(licet_read manifest "$1") || refuse malformed || return
  while read -r word _ x kid _; do
    case $word in key | revoked) has_id "$x" "$kid" || refuse malformed || return ;; esac
  done <<EOF
$manifest
EOF
}

# Whether enough keys of a manifest, but for those that a second one revokes, signed one of some "signature" lines.
reaches() {
  local word x kid count signer signature message threshold
  count=0
  while read -r word x threshold kid _; do
    [ "$word" != manifest ] || break
    [ "$word" = key ] || continue
    case $2 in *"${line_end}revoked $x "*) continue ;; esac
    while read -r word signer signature message; do
      [ "$word$signer" = "signature$kid" ] && signed_by "$x" "$signature" "$message" || continue
      count=$((count + 1))
      break
    done <<EOF
$3
EOF
  done <<EOF
$1
EOF
  [ "$count" -ge "$threshold" ]
}

# Whether $manifest follows on the newest.
follows() {
  local word rest version last
  version=${manifest##*"${line_end}manifest "} last=${newest##*"${line_end}manifest "}
  [ "${version% *}" = $((${last% *} + 1)) ] || return
  while read -r word rest; do
    [ "$word" != revoked ] && continue
    case $line_end$manifest$line_end in *"${line_end}revoked $rest$line_end"*) ;; *) return 1 ;; esac
  done <<EOF
$newest
EOF
  reaches "$newest" "$newest" "$manifest" && reaches "$manifest" "$manifest" "$manifest"
}

# Section 8, rows 4 to 8, with the certificates in $objects: kid, signature, message, issued, usage, product, term.
endorse() {
  local typ kid signature message usages from to x x64 product months grant passed furthest grants
  furthest=0 grants=
  while read -r typ _ _ _ _ _ usages from to x x64 product months grant; do
    [ "$typ" = lk1 ] && has_id "$x64" "$1" || continue
    case $grants in *" $grant "*) continue ;; esac
    grants="$grants $grant "
    passed=0
    while :; do
      is_granted "$grant" || break
      passed=1
      case $newest in *"${line_end}revoked $x "*) break ;; esac
      passed=2
      signed_by "$x" "$2" "$3" || break
      passed=3
      [ "$from" -le "$4" ] && [ "$4" -lt "$to" ] || break
      passed=4
      licet_grants "$usages" "$5" && { [ "$product" = 0 ] || [ "$product" = "$6" ]; } || break
      [ "$months" = 0 ] || [ "$7" -le $((months * 2678400)) ] || break
      return 0
    done
    [ "$passed" -lt "$furthest" ] || furthest=$passed
  done <<EOF
$objects
EOF
  set -- unknown_key key_revoked bad_signature outside_issuing_window not_certified
  shift "$furthest"
  refuse "$1"
}

# Section 4.
licet_grants() {
  [ "$1" -le 8 ] && [ $(($1 & $2)) != 0 ]
}

# Whether the certificates that are equal but for the root reach the threshold of one manifest.
is_granted() {
  local typ kid signature message grant signatures n
  signatures=
  while read -r typ _ _ kid signature message _ _ _ _ _ _ _ grant; do
    [ "$grant" != "$1" ] || signatures="${signatures}signature $kid $signature $message$line_end"
  done <<EOF
$objects
EOF
  n=0
  while [ "$n" -lt "$manifests" ]; do
    n=$((n + 1))
    eval "reaches \"\$manifest_$n\" \"\$newest\" \"\$signatures\"" && return
  done
  return 1
}
