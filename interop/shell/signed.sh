# Signatures and key ids, for licet.sh (docs/license-code.md, sections 1 and 2).
line_end='
'
Q8='????????'
Q64=$Q8$Q8$Q8$Q8$Q8$Q8$Q8$Q8
ORDER=1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed
PRIME=7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed

refuse() {
  reason=$1
  return 1
}

licet_read() {
  awk -f "$LICET_HOME/licet.awk" -f "$LICET_HOME/text.awk" "$@" 2>/dev/null
}

reversed() {
  rest=$1 number=
  while [ -n "$rest" ]; do
    tail=${rest#??}
    number=${rest%"$tail"}$number rest=$tail
  done
}

# Prints the bytes of hex digits.
bytes() {
  rest=$1 octal=
  while [ -n "$rest" ]; do
    tail=${rest#??}
    byte=$((0x${rest%"$tail"})) rest=$tail
    octal="$octal\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
  done
  printf "$octal"
}

# Section 2: key and signature in lower-case hex, the message in a file.
strict1() {
  [ ${#1} = 64 ] && [ ${#2} = 128 ] || return 1
  reversed "${2#$Q64}"
  [ "$number" \< "$ORDER" ] || return 1
  for point in "$1" "${2%$Q64}"; do
    reversed "$point"
    case $number in
      8*) number=0${number#?} ;; 9*) number=1${number#?} ;; a*) number=2${number#?} ;; b*) number=3${number#?} ;;
      c*) number=4${number#?} ;; d*) number=5${number#?} ;; e*) number=6${number#?} ;; f*) number=7${number#?} ;;
    esac
    [ "$number" \< "$PRIME" ] || return 1
    case $number in
      000000000000000000000000000000000000000000000000000000000000000[01]) return 1 ;;
      7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec) return 1 ;;
      05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826) return 1 ;;
      7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7) return 1 ;;
    esac
  done
  bytes "302a300506032b6570032100$1" >"$licet_tmp/key"
  bytes "$2" >"$licet_tmp/signature"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$licet_tmp/key" -rawin -in "$3" \
    -sigfile "$licet_tmp/signature" >/dev/null 2>&1
}

signed_by() {
  printf '%s' "$3" >"$licet_tmp/message"
  strict1 "$1" "$2" "$licet_tmp/message"
}

# Whether a public key in base64url has this key id; what was found out is remembered.
has_id() {
  local digest
  case $ids in *" $1="*) ;; *)
    printf '{"crv":"Ed25519","kty":"OKP","x":"%s"}' "$1" >"$licet_tmp/thumbprint"
    digest=$(openssl dgst -sha256 -r "$licet_tmp/thumbprint")
    ids="$ids $1=${digest%"${digest#$Q8}"} " ;;
  esac
  case $ids in *" $1=$2 "*) ;; *) return 1 ;; esac
}
