"""Runs the vector files: python3 run.py VECTORS [STRICT]. Prints every difference and the sums; fails at a difference."""
import json
import os
import sys
from collections import Counter

import licet

folder, strict = sys.argv[1], sys.argv[2:]
equal, different, skipped = Counter(), Counter(), Counter()

def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)

def check(file, name, expected, function, *arguments):
    """Compares what the function gives, or the reason it refuses for, with what is expected."""
    value, reason = licet.attempt(function, *arguments)
    got = value if reason is None else reason
    (equal if got == expected else different)[file] += 1
    if got != expected:
        print(f"different: {file}: {name}: {got}, not {expected}")

def body(keys, label, one, compact):
    """The body of an object whose signature holds and whose compact form is the published one."""
    key = next(licet.unb64(key["x"]) for key in keys if key["label"] == label)
    is_signed = licet.strict1(key, one.message, one.signature)
    return one.body if is_signed and compact == f"{one.message.decode()}.{licet.b64(one.signature)}" else "not signed"

def read_code(keys, v):
    code, = licet.read_text(v["code"])
    licet.check_ranges(licet.code_fields(code.body))
    return body(keys, "signer", code, v.get("jws")).hex()

def read_certificate(keys, v):
    certificate, = licet.read_text(v["certificate"], 0)
    return body(keys, "root", certificate, v.get("jws")).hex()

def read_claims(keys, v):
    claims = body(keys, "statements", licet.read_statement(v["jwt"]), v["jwt"])
    return {name: claims[name] for name in v.get("claims", {})}

READING = {  # by file: what reading gives, and where the vector has it
    "base64url.json": (lambda _, v: licet.unb64(v["text"]).hex(), lambda v: v["hex"]),
    "crockford.json": (lambda _, v: licet.symbols(licet.fold(v["text"])), lambda v: v["symbols"]),
    "license-code.json": (read_code, lambda v: v["body_hex"]),
    "key-certificate.json": (read_certificate, lambda v: v["body_hex"]),
    "license-text.json": (lambda _, v: [one.body.hex() for one in licet.read_text(v["text"])],
                          lambda v: [v["body_hex"], *v["certificate_bodies_hex"]]),
    "root-manifest.json": (lambda _, v: licet.read_manifest(v["text"])[0]["version"], lambda v: v["payload"]["version"]),
    "statement.json": (read_claims, lambda v: v["claims"]),
}

def refusal(text):
    """Why a pinned text is refused: open_trust raises nothing but Refused."""
    try:
        return licet.open_trust(text)
    except licet.Refused as why:
        return str(why)
    except Exception as other:
        return repr(other)

def reading(file, read, expected):
    all = load(os.path.join(folder, file))
    for v in all.get("good", []) + all.get("folded", []):
        check(file, v.get("name", v.get("why")), expected(v), read, all.get("keys"), v)
    if file == "root-manifest.json":
        read = lambda _, v: refusal(v["text"])
    for v in all.get("bad", []) + all.get("refused", []):
        check(file, v.get("name", v.get("why")), v.get("reason", "malformed"), read, all.get("keys"), v)
    for v in all.get("coverage", []):
        check(file, v["name"], v["grants"], licet.grants, v["usages"], v["usage"])

def verdict(*arguments):
    answer = licet.verify(*arguments)
    return [answer["valid"], answer["standing"], answer["reason"]]

def statement_reason(v, trust):
    return licet.verify_statement(v["statement"], v["text"], trust, v["now"], v.get("product_code"), v["certificates"])["reason"]

def unheard(warnings):
    """Why a statement is not listened to; the other warnings are about one that is."""
    about_heard = ("statement_not_fresh", "statement_wrong_device")
    return next((w[10:] for w in warnings if w.startswith("statement_") and w not in about_heard), None)

def verdicts(file):
    """The cases of a license text, and of a statement beside it; what is left out is counted as skipped."""
    all = load(os.path.join(folder, file))
    for v in all["cases"]:
        # A chain is pinned as one array, what was met since is given one by one.
        pinned, met = (all["root"], v.get("manifests", [])) if "root" in all else (v.get("manifests", all["manifests"]), [])
        trust = licet.open_trust(json.dumps(pinned), map(json.dumps, met))
        build = v.get("buildTime", v.get("build_time", 0))  # each file has its own spelling
        expect = v["expect"]
        if "list" in v:
            skipped[f"{file}: with a revocation list"] += 1
            continue
        if expect.get("decided_by") == "statement":
            skipped[f"{file}: a license that a statement decides"] += 1
        else:
            check(file, v["name"], [expect["valid"], expect["standing"], expect["reason"]], verdict,
                  v["text"], trust, v["now"], v.get("product"), v.get("fingerprint"), build, v.get("certificates", ()))
        if "statement" in v and v["now"] < build - 2 * licet.DAY:
            skipped[f"{file} statements: beside a clock that was set back"] += 1
        elif "statement" in v:
            check(f"{file} statements", v["name"], unheard(expect["warnings"]), statement_reason, v, trust)

for file, (read, expected) in READING.items():
    reading(file, read, expected)
verdicts("verdicts.json")
verdicts("verdicts-since.json")
for path in strict:
    for v in load(path):
        parts = (bytes.fromhex(v[name]) for name in ("pk", "msg", "sig"))
        check("strict-1", f"{v['set']} {v['id']}", v["ok"], licet.strict1, *parts)
for file in {**equal, **different}:
    print(f"{equal[file]} equal, {different[file]} different: {file}")
for why, count in skipped.items():
    print(f"{count} skipped: {why}")
sys.exit(1 if different else 0)
