"""Verifies Licet license texts and statements offline, as docs/license-code.md says (sections 1 to 8).

trust = open_trust(pinned, met_since)               once: texts of JSON, each a manifest or a list of them
verify(text, trust, now, product=1001)["valid"]      times are Unix seconds
"""
import base64, hashlib, json, re, struct
from collections import namedtuple
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DAY, MONTH, LAST, FOREVER = 86400, 2678400, 253402300799, float("inf")
L, P = 2**252 + 27742317777372353535851937790883648493, 2**255 - 19
SMALL = (0, 1, P - 1, 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826,
         0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DROPPED = re.compile("[-\t-\r \x85\xa0\xad\u1680\u180e\u2000-\u2015\u2028\u2029\u202f\u205f\u2060\u2212\u3000\ufeff]")
Trust = namedtuple("Trust", "manifests revoked")
Signed = namedtuple("Signed", "kid message signature body")

Refused = type("Refused", (ValueError,), {})  # its text is the reason
def need(condition, reason="malformed"):
    if not condition:
        raise Refused(reason)
def attempt(function, *arguments):  # the value and None, or None and the reason
    try:
        return function(*arguments), None
    except Exception as error:  # also of JSON that has another shape than was reached into
        return None, str(error) if isinstance(error, Refused) else "malformed"

def strict1(key, message, signature):  # section 2
    s, *ys = (int.from_bytes(data, "little") for data in (signature[32:], key, signature[:32]))
    return (len(key) == 32 and len(signature) == 64 and s < L and all(y % 2**255 < P and y % 2**255 not in SMALL for y in ys)
            and attempt(lambda: Ed25519PublicKey.from_public_bytes(key).verify(signature, message))[1] is None)

def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
def unb64(text, length=None):  # canonical, else Refused
    need(re.fullmatch("[A-Za-z0-9_-]*", text) and len(text) % 4 != 1)
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(b64(data) == text and length in (None, len(data)))
    return data
def key_id(key):
    return hashlib.sha256(('{"crv":"Ed25519","kty":"OKP","x":"%s"}' % b64(key)).encode()).hexdigest()[:8]
def header(kid, typ):
    return b64(('{"alg":"EdDSA","kid":"%s","typ":"%s"}' % (kid, typ)).encode())

def jws(protected, payload, signature, typ, body=None):  # the header must be the fixed text of some kid
    kid = unb64(protected)[22:30].decode()
    need(re.fullmatch("[0-9a-f]{8}", kid) and header(kid, typ) == protected)
    return Signed(kid, f"{protected}.{payload}".encode(), unb64(signature, 64), body)
def strict_json(data):  # section 1; numbers become floats
    def members(pairs):
        need(len(dict(pairs)) == len(pairs))
        return dict(pairs)
    def check(value, room=16):
        for inner in [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(inner, room - 1)
        need(room or not isinstance(value, (dict, list)))
        need(not isinstance(value, float) or abs(value) < FOREVER)  # NaN is not below it either
        need(not isinstance(value, str) or value.encode() is not None)  # raises at a lone surrogate
        return value
    return check(json.loads(data.decode(), object_pairs_hook=members, parse_int=float))
def is_int(value, low, high=2**53 - 1):
    return isinstance(value, float) and value.is_integer() and low <= value <= high

def fold(text):  # section 5, steps 1 to 3
    narrow = "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)
    kept = re.sub("[a-z]", lambda found: found[0].upper(), DROPPED.sub("", narrow))
    need(re.fullmatch("[A-Z0-9]*", kept))
    return kept
def symbols(text):  # step 5
    need("U" not in text)
    return text.translate(str.maketrans("OIL", "011"))
def read_text(text, codes=1):  # section 5: the code, then the certificates; with codes=0 certificates alone
    need(len(text.encode()) <= 8192)
    rest, objects = fold(text), []
    while rest:
        prefix, length = rest[:3], 197 if rest[:3] == "LK1" else 181 if symbols(rest[3:6])[2] in ALPHABET[1::2] else 165
        need(prefix in ("LC1", "LK1") and len(rest) >= 3 + length)
        bits, rest = "".join(f"{ALPHABET.index(one):05b}" for one in symbols(rest[3:3 + length])), rest[3 + length:]
        objects.append((prefix, int(bits[:-25], 2).to_bytes(length * 5 // 8 - 3, "big"), int(bits[-25:], 2)))
    objects.sort(key=lambda one: one[0])  # the code first
    need([p for p, _, _ in objects] == ["LC1"] * codes + ["LK1"] * (len(objects) - codes) and 1 <= len(objects) < 17 + codes)
    for prefix, data, check in objects:
        need(int.from_bytes(hashlib.sha256(prefix.encode() + data).digest()[:4], "big") >> 7 == check, "mistyped")
    need(all(d[0] == 1 and d[1] <= (3 if p == "LC1" else 0) for p, d, _ in objects), "unsupported_version")
    return [jws(header(d[2:6].hex(), p.lower()), b64(d[:-64]), b64(d[-64:]), p.lower(), d[:-64]) for p, d, _ in objects]

def read_manifest(text):  # section 6: the payload, keys as bytes, and its signatures
    need(len(text.encode()) <= 65536)
    whole = strict_json(text.encode())
    entries, claims = whole["signatures"], strict_json(unb64(whole["payload"]))
    need(isinstance(entries, list) and is_int(claims["version"], 1) and is_int(claims["issued_at"], 0, LAST))
    signatures = [jws(one["protected"], whole["payload"], one["signature"], "licet-root+json") for one in entries]
    for name in ("keys", "revoked"):
        keys = [unb64(key["x"], 32) for key in claims[name]]
        kids = [key["kid"] for key in claims[name]]
        need(isinstance(claims[name], list) and kids == [key_id(x) for x in keys] and len(set(kids)) == len(kids))
        claims[name] = {x: (one.get("at"), one.get("reason")) for x, one in zip(keys, claims[name])}
    need(all(is_int(at, 0, LAST) and isinstance(reason, str) for at, reason in claims["revoked"].values()))
    need(is_int(claims["threshold"], 1, len(claims["keys"])))
    return claims, signatures

def reaches(manifest, signatures, barred):
    return len({x for x in manifest["keys"] if x not in barred for one in signatures
                if key_id(x) == one.kid and strict1(x, one.message, one.signature)}) >= manifest["threshold"]

def manifests_in(text):  # those of a list, as root-manifests.json is, or one alone
    all = attempt(lambda: strict_json(text.encode()))[0]
    return [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in all] if all and isinstance(all, list) else [text]
def open_trust(pinned, met=()):  # section 6, "Chain"; Refused when the first of the pinned does not hold
    texts = [one for text in (pinned, *met) for one in manifests_in(text)][:129]
    first, *others = [attempt(read_manifest, text)[0] for text in texts]
    need(first and reaches(first[0], first[1], first[0]["revoked"]))
    manifests, others = [first[0]], [one for one in others if one]
    def follows(claims, signatures):
        last = manifests[-1]
        return (claims["version"] == last["version"] + 1 and last["revoked"].items() <= claims["revoked"].items()
                and all(reaches(one, signatures, one["revoked"]) for one in (last, claims)))
    while len(manifests) < 64 and (following := [claims for claims, signed in others if follows(claims, signed)]):
        manifests.append(following[0])
    return Trust(manifests, manifests[-1]["revoked"])
def grants(usages, usage):  # section 4
    return usages <= 8 and usages & usage != 0

def endorse(one, issued, usage, product, term, certificates, trust):  # section 8, rows 4 to 8
    groups = {}
    for certificate in certificates:
        if key_id(certificate.body[19:51]) == one.kid:
            groups.setdefault(certificate.body[:2] + certificate.body[6:], []).append(certificate)
    good = [grant for grant, signed in groups.items() if any(reaches(m, signed, trust.revoked) for m in trust.manifests)]
    field = lambda grant, start, end: int.from_bytes(grant[start - 4:end - 4], "big")  # at the offsets of section 4
    for reason, passes in (
            ("unknown_key", lambda grant: True),
            ("key_revoked", lambda grant: grant[15:47] not in trust.revoked),
            ("bad_signature", lambda grant: strict1(grant[15:47], one.message, one.signature)),
            ("outside_issuing_window", lambda grant: field(grant, 11, 15) <= issued < field(grant, 15, 19)),
            ("not_certified", lambda grant: grants(grant[6], usage) and field(grant, 51, 55) in (0, product)
                and (grant[51] == 0 or term <= grant[51] * MONTH))):
        good = [grant for grant in good if passes(grant)]
        need(good, reason)

def is_text(value, pattern=r"[\s\S]+"):
    return isinstance(value, str) and re.fullmatch(pattern, value)
CLAIMS = {  # section 7
    "iss": is_text, "aud": is_text, "edition": is_text, "sub": lambda v: is_text(v, "[0-9a-f]{16}"),
    "iat": lambda v: is_int(v, 0, LAST), "exp": lambda v: is_int(v, 0, LAST), "trial": lambda v: isinstance(v, bool),
    "paid_until": lambda v: v is None or is_int(v, 0, LAST), "works_until": lambda v: v is None or is_int(v, 0, LAST),
    "status": lambda v: v in ("pending", "active", "frozen", "released"), "product": lambda v: is_int(v, 0, 2**32 - 1),
    "features": lambda v: isinstance(v, list) and all(map(is_text, v)), "seats": lambda v: v is None or is_int(v, 1, 65535),
    "root": lambda v: is_int(v, 1), "rev": lambda v: is_int(v, 0, 65535), "device": lambda v: v is CLAIMS or unb64(v, 32),
    "nonce": lambda v: v is CLAIMS or is_text(v, "[A-Za-z0-9_-]{1,64}")}  # CLAIMS itself stands for a claim that is missing
def read_statement(text):
    need(len(text) <= 16384)
    protected, payload, signature = text.split(".")
    claims = strict_json(unb64(payload))
    need(all(fits(claims.get(name, CLAIMS)) for name, fits in CLAIMS.items()))
    paid, works = claims["paid_until"], claims["works_until"]
    need((paid is None) == (works is None) and (paid is None or works >= paid))
    return jws(protected, payload, signature, "license-statement+jwt", claims)
def code_fields(body):  # section 3.1; an end that never comes is FOREVER
    names = ("kid", "license", "product", "edition", "seats", "issued", "paid", "revision", "grace")
    code = dict(zip(names, struct.unpack(">2x4s8sIHHIIHB", body[:33])), bind=body[36:], trial=body[1] & 1 == 1)
    code["paid"] = FOREVER if code["paid"] == 2**32 - 1 else code["paid"]
    return {**code, "works": code["paid"] + code["grace"] * DAY, "features": int.from_bytes(body[33:36], "big")}
def check_ranges(code):
    need(code["issued"] < code["paid"] and not (code["trial"] and code["paid"] == FOREVER), "bad_range")
def read_certificates(texts):  # what is none is passed over
    return [one for text in texts[:64] for one in attempt(read_text, text, 0)[0] or ()]

def verify(text, trust, now, product=None, fingerprint=None, build_time=0, certificates=()):
    """{valid, standing, reason}, and of a valid code its fields. certificates: LK1 texts met since."""
    def judge():  # section 8, without rows 12 and 14
        one, *at_hand = read_text(text)
        code, device = code_fields(one.body), (fingerprint or "").encode(errors="surrogatepass")
        term, at_hand = code["paid"] - code["issued"], at_hand + read_certificates(certificates)
        endorse(one, code["issued"], 1, code["product"], term, at_hand, trust)
        check_ranges(code)
        need(product in (None, code["product"]), "wrong_product")
        digest = hashlib.sha256(b"LC1 bind\0" + device).digest()
        need(not code["bind"] or 1 <= len(device) <= 5120 and digest[:10] == code["bind"], "wrong_device")
        need(now >= build_time - 2 * DAY, "clock_rolled_back")
        need(now >= code["issued"] - 2 * DAY, "not_yet_valid")
        need(max(now, code["issued"]) < code["works"], "expired")
        return {**code, "standing": "active" if max(now, code["issued"]) < code["paid"] else "grace"}
    code, reason = attempt(judge)
    standing = reason if reason in ("expired", "not_yet_valid") else None
    return {"valid": reason is None, "standing": standing, "reason": reason, **(code or {})}

def verify_statement(statement, text, trust, now, product_code=None, certificates=()):
    """{claims, reason}; about a good license text. A reason: not to be listened to. Else section 11 says what it means."""
    def judge():
        one, (code, *at_hand) = read_statement(statement), read_text(text)
        endorse(one, one.body["iat"], 2, one.body["product"], 0, at_hand + read_certificates(certificates), trust)
        need(code.body[6:14].hex() == one.body["sub"], "wrong_license")
        need(code_fields(code.body)["product"] == one.body["product"] and product_code in (None, one.body["aud"]), "wrong_product")
        need(one.body["iat"] <= now + DAY, "not_yet_valid")
        return one.body
    return dict(zip(("claims", "reason"), attempt(judge)))
