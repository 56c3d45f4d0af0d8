import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.*;
import java.security.spec.X509EncodedKeySpec;
import java.util.*;
import java.util.concurrent.Callable;
import java.util.function.*;
import java.util.regex.*;
import java.util.stream.*;

/**
 * Verifies Licet license texts and statements offline, as docs/license-code.md says (sections 1 to 8). Bytes are held in strings, a char
 * each: those compare, and are keys of maps. Times are Unix seconds; null is not known; `met` are LK1 texts that were met since.
 */
public final class Licet {
    static final long SAFE = (1L << 53) - 1;
    static final String NO_POINT = "(e[c-f]|f.)(ff){30}[7f]f|0[01](00){30}[08]0" // of section 2: y is not below p, or SMALL
        + "|26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc[08]5"
        + "|c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03[7f]a";
    static final String L = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed", B32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    static final String DROPPED = "[-\\t-\\r \\x85\\xa0\\xad\\u1680\\u180e\\u2000-\\u2015\\u2028\\u2029\\u202f\\u205f\\u2060\\u2212\\u3000\\ufeff]";
    static final Pattern OBJECT = Pattern.compile( // the third symbol of a code tells whether it is bound
        "\\G(?:LK1[^U]{197}|LC1[^U]{2}(?:[13579BDFHIKLNQSVXZ][^U]{178}|[02468ACEGJMOPRTWY][^U]{162}))");
    static final Pattern TOKEN = Pattern.compile("\\G[ \\t\\n\\r]*+([\\[\\]{},:]|true|false|null|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE]"
        + "[+-]?[0-9]++)?|\"(?:[^\"\\\\\\x00-\\x1f]++|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*+\")[ \\t\\n\\r]*+");
    static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(....)|.)");

    static final class Refused extends RuntimeException { Refused(String reason) { super(reason); } }
    static void need(boolean condition, String reason) { if (!condition) throw new Refused(reason); }
    static void need(boolean condition) { need(condition, "malformed"); }
    public record Attempt<T>(T value, String reason) { // one of them is null
        static <T> Attempt<T> of(Callable<T> function) {
            try { return new Attempt<>(function.call(), null); }
            catch (Refused no) { return new Attempt<>(null, no.getMessage()); }
            catch (Exception otherShape) { return new Attempt<>(null, "malformed"); } // than was reached into
        }
    }

    static byte[] bytes(String data) { return data.getBytes(ISO_8859_1); }
    static String utf8(String text) { return new String(text.getBytes(UTF_8), ISO_8859_1); }
    static boolean isUnicode(String text) { return UTF_8.newEncoder().canEncode(text); } // without lone surrogates
    static String hex(String data) { return HexFormat.of().formatHex(bytes(data)); }
    static long number(String data, int from, int to) { return Long.parseLong(hex(data.substring(from, to)), 16); }
    static String sha256(String data) {
        return Attempt.of(() -> new String(MessageDigest.getInstance("SHA-256").digest(bytes(data)), ISO_8859_1)).value;
    }
    static String b64(String data) { return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(data)); }
    static String unb64(String text) { // the canonical spelling alone
        String data = new String(Base64.getUrlDecoder().decode(text), ISO_8859_1);
        need(b64(data).equals(text));
        return data;
    }
    static boolean strict1(String key, String message, String signature) { // section 2
        return Attempt.of(() -> {
            need(key.length() == 32 && signature.length() == 64 && !hex(key).matches(NO_POINT) && !hex(signature.substring(0, 32)).matches(NO_POINT));
            need(hex(new StringBuilder(signature.substring(32)).reverse().toString()).compareTo(L) < 0);
            Signature ed25519 = Signature.getInstance("Ed25519");
            var x509 = new X509EncodedKeySpec(HexFormat.of().parseHex("302a300506032b6570032100" + hex(key)));
            ed25519.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(x509));
            ed25519.update(bytes(message));
            return ed25519.verify(bytes(signature));
        }).value == Boolean.TRUE;
    }

    static String keyId(String x) { return hex(sha256("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + b64(x) + "\"}").substring(0, 4)); }
    static String header(String kid, String typ) { return b64("{\"alg\":\"EdDSA\",\"kid\":\"" + kid + "\",\"typ\":\"" + typ + "\"}"); }
    /** An object that was read; its signature is not verified. The header must be the fixed text of some kid. */
    record Signed(String kid, String message, String signature, String body) {
        static Signed read(String header, String payload, String signature, String typ) {
            Signed one = new Signed(unb64(header).substring(22, 30), header + "." + payload, unb64(signature), unb64(payload));
            need(one.kid.matches("[0-9a-f]{8}") && header(one.kid, typ).equals(header) && one.signature.length() == 64);
            return one;
        }
    }

    static Object json(String data, int mostDepth) { // section 1, strict: Map, List, String, Double, Boolean or null
        String text = new String(bytes(data), UTF_8);
        List<MatchResult> found = TOKEN.matcher(text).results().toList();
        Deque<String> tokens = found.stream().map(one -> one.group(1)).collect(Collectors.toCollection(ArrayDeque::new));
        Object value = value(tokens, mostDepth);
        need(tokens.isEmpty() && found.get(found.size() - 1).end() == text.length() && utf8(text).equals(data));
        return value;
    }
    static Object value(Deque<String> tokens, int room) {
        String token = tokens.pop(), end = token.equals("{") ? "}" : "]";
        if (token.startsWith("\"")) return unescaped(token.substring(1, token.length() - 1));
        if (token.matches("true|false|null")) return token.equals("null") ? null : Boolean.valueOf(token);
        if (!token.matches("[\\[{]")) return Double.valueOf(Optional.of(token).filter(digits -> Double.isFinite(Double.parseDouble(digits))).get());
        Map<Object, Object> members = new LinkedHashMap<>(); // those of an array by their number
        need(room > 0);
        for (String next = tokens.peek().equals(end) ? tokens.pop() : ","; !next.equals(end); next = tokens.pop()) {
            Object name = token.equals("[") ? (Object) members.size() : value(tokens, 0);
            need(next.equals(",") && (token.equals("[") || name instanceof String && tokens.pop().equals(":") && !members.containsKey(name)));
            members.put(name, value(tokens, room - 1));
        }
        return token.equals("{") ? members : new ArrayList<>(members.values());
    }
    static String unescaped(String text) {
        String plain = ESCAPE.matcher(text).replaceAll(one -> Matcher.quoteReplacement(one.group(1) == null
            ? one.group().replace("\\/", "/").translateEscapes() : Character.toString(Integer.parseInt(one.group(1), 16))));
        need(isUnicode(plain));
        return plain;
    }
    @SuppressWarnings("unchecked") static <T> T at(Object object, String name) { return (T) ((Map<?, ?>) object).get(name); }
    static boolean isText(Object value, String form) { return value instanceof String text && text.matches("(?s:" + form + ")"); }
    static boolean isTime(Object value) { return isInteger(value, 0, 253402300799L); }
    static boolean isInteger(Object value, long low, long high) {
        return value instanceof Double number && number == Math.rint(number) && low <= number && number <= high;
    }

    static String fold(String text) { // section 5, steps 1 to 3
        String narrow = text.chars().mapToObj(c -> Character.toString(c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c)).collect(Collectors.joining());
        String kept = narrow.replaceAll(DROPPED, "");
        need(kept.matches("[A-Za-z0-9]*"));
        return kept.toUpperCase(Locale.ROOT);
    }
    static String symbols(String text) { // step 5
        need(!text.contains("U"));
        return text.replace('O', '0').replace('I', '1').replace('L', '1');
    }
    /** Section 5: so many codes, then the certificates. Each check is made of all objects before the next. */
    static List<Signed> readText(String text, int codes) {
        String folded = fold(text);
        List<String> objects = OBJECT.matcher(folded).results().map(MatchResult::group).sorted(Comparator.comparing(one -> one.substring(0, 3))).toList();
        long certificates = objects.stream().filter(one -> one.startsWith("LK1")).count();
        need(utf8(text).length() <= 8192 && !objects.isEmpty() && String.join("", objects).length() == folded.length());
        need(objects.size() == codes + certificates && certificates <= 16);
        List<Signed> read = new ArrayList<>();
        Set<String> faults = new HashSet<>();
        for (String object : objects) {
            String prefix = object.substring(0, 3), typ = prefix.toLowerCase(Locale.ROOT);
            BigInteger bits = BigInteger.ONE; // in front of leading zeros
            for (int symbol : symbols(object.substring(3)).chars().toArray()) bits = bits.shiftLeft(5).add(BigInteger.valueOf(B32.indexOf(symbol)));
            String data = new String(bits.shiftRight(25).toByteArray(), ISO_8859_1).substring(1), body = data.substring(0, data.length() - 64);
            read.add(Signed.read(header(hex(body.substring(2, 6)), typ), b64(body), b64(data.substring(body.length())), typ));
            if (number(sha256(prefix + data), 0, 4) >> 7 != (bits.intValue() & 0x1ffffff)) faults.add("mistyped");
            if (body.charAt(0) != 1 || body.charAt(1) > (typ.equals("lc1") ? 3 : 0)) faults.add("unsupported_version");
        }
        for (String fault : List.of("mistyped", "unsupported_version")) need(!faults.contains(fault), fault);
        return read;
    }

    /** A root manifest (section 6). By the 32 bytes of a key: its kid; of a revoked one when and why. */
    public record Manifest(double version, double threshold, Map<String, Object> keys, Map<String, Object> revoked, List<Signed> signatures) {
        static Manifest read(String text) { // verifies no signature
            need(isUnicode(text) && utf8(text).length() <= 65536);
            Object whole = json(utf8(text), 16), claims = json(unb64(at(whole, "payload")), 16), version = at(claims, "version");
            Stream<Signed> signatures = Licet.<List<?>>at(whole, "signatures").stream()
                .map(one -> Signed.read(at(one, "protected"), at(whole, "payload"), at(one, "signature"), "licet-root+json"));
            Map<String, Object> keys = keys(at(claims, "keys"), "kid", "kid"), revoked = keys(at(claims, "revoked"), "at", "reason");
            for (Object key : Licet.<List<?>>at(claims, "revoked")) need(isTime(at(key, "at")) && isText(at(key, "reason"), ".*"));
            need(isInteger(version, 1, SAFE) && isInteger(at(claims, "threshold"), 1, keys.size()) && isTime(at(claims, "issued_at")));
            return new Manifest((Double) version, at(claims, "threshold"), keys, revoked, signatures.toList());
        }
        static Map<String, Object> keys(List<?> list, String... about) {
            for (Object key : list) need(unb64(at(key, "x")).length() == 32 && keyId(unb64(at(key, "x"))).equals(at(key, "kid")));
            need(list.stream().map(key -> at(key, "kid")).distinct().count() == list.size());
            return list.stream().collect(Collectors.toMap(key -> unb64(at(key, "x")), key -> List.of(at(key, about[0]), at(key, about[1]))));
        }
        boolean isReachedBy(List<Signed> signed, Map<String, Object> barred) { // a key that signed twice counts once
            return threshold <= keys.keySet().stream().filter(x -> !barred.containsKey(x) && signed.stream()
                .anyMatch(one -> one.kid.equals(keyId(x)) && strict1(x, one.message, one.signature))).count();
        }
        boolean follows(Manifest last) {
            return version == last.version + 1 && revoked.entrySet().containsAll(last.revoked.entrySet())
                && last.isReachedBy(signatures, last.revoked) && isReachedBy(signatures, revoked);
        }
    }
    static <T> List<T> readable(List<String> texts, Function<String, T> read) { // what cannot be read is passed over
        return texts.stream().map(text -> Attempt.of(() -> read.apply(text)).value).filter(Objects::nonNull).toList();
    }
    /** A chain that holds, its newest manifest last. A reason: the pinned one does not. What does not follow is passed over. */
    public static Attempt<List<Manifest>> openTrust(String pinned, List<String> met) {
        List<Manifest> others = readable(met, Manifest::read);
        UnaryOperator<Manifest> next = last -> others.stream().filter(one -> one.follows(last)).findFirst().orElse(null);
        return Attempt.of(() -> {
            Manifest first = Manifest.read(pinned);
            need(first.isReachedBy(first.signatures, first.revoked));
            return Stream.iterate(first, Objects::nonNull, next).limit(64).toList();
        });
    }
    static boolean grants(long usages, long usage) { return usages <= 8 && (usages & usage) != 0; } // section 4

    /** Rows 4 to 8 of section 8, with the certificates at hand and those met. */
    static void endorse(Signed one, List<Manifest> trust, List<Signed> atHand, List<String> met, int usage, long issued, long product, long term) {
        Map<String, List<Signed>> grants = Stream.concat(Stream.of(atHand), readable(met, text -> readText(text, 0)).stream()).flatMap(List::stream)
            .filter(certificate -> keyId(certificate.body.substring(19, 51)).equals(one.kid))
            .collect(Collectors.groupingBy(certificate -> certificate.body.substring(0, 2) + "...." + certificate.body.substring(6)));
        Map<String, Object> revoked = trust.get(trust.size() - 1).revoked;
        BiConsumer<String, Predicate<String>> keep = (reason, passes) -> {
            grants.keySet().removeIf(passes.negate());
            need(!grants.isEmpty(), reason);
        };
        keep.accept("unknown_key", grant -> trust.stream().anyMatch(root -> root.isReachedBy(grants.get(grant), revoked)));
        keep.accept("key_revoked", grant -> !revoked.containsKey(grant.substring(19, 51)));
        keep.accept("bad_signature", grant -> strict1(grant.substring(19, 51), one.message, one.signature));
        keep.accept("outside_issuing_window", grant -> number(grant, 11, 15) <= issued && issued < number(grant, 15, 19));
        keep.accept("not_certified", grant -> grants(number(grant, 10, 11), usage) && List.of(0L, product).contains(number(grant, 51, 55))
            && (number(grant, 55, 56) == 0 || term <= number(grant, 55, 56) * 2678400));
    }

    /** What a code says (section 3.1). An end that never comes is Long.MAX_VALUE. */
    public record Code(String license, long product, long edition, long seats, long issued, long paidUntil, long worksUntil, long revision,
            long features, boolean isTrial, String binding) {
        static Code of(String body) {
            long paid = number(body, 26, 30), works = paid + 86400 * number(body, 32, 33);
            if (paid == 0xffffffffL) paid = works = Long.MAX_VALUE;
            return new Code(hex(body.substring(6, 14)), number(body, 14, 18), number(body, 18, 20), number(body, 20, 22), number(body, 22, 26), paid,
                works, number(body, 30, 32), number(body, 33, 36), (body.charAt(1) & 1) == 1, body.substring(36));
        }
        void checkRanges() { need(issued < paidUntil && !(isTrial && paidUntil == Long.MAX_VALUE), "bad_range"); } // row 9 of section 8
    }

    /** Valid is what has no reason; what is refused has no code. */
    public record Verdict(String standing, String reason, Code code) {}
    /** Judges a license text (section 8 without rows 12 and 14). */
    public static Verdict verify(String text, List<Manifest> trust, long now, Long product, String fingerprint, long buildTime, List<String> met) {
        Attempt<Code> judged = Attempt.of(() -> {
            List<Signed> read = readText(text, 1);
            Code code = Code.of(read.get(0).body);
            endorse(read.get(0), trust, read.subList(1, read.size()), met, 1, code.issued, code.product, code.paidUntil - code.issued);
            code.checkRanges();
            need(product == null || product == code.product, "wrong_product");
            String device = fingerprint != null && isUnicode(fingerprint) && utf8(fingerprint).length() <= 5120 ? utf8(fingerprint) : "";
            need(code.binding.isEmpty() || !device.isEmpty() && sha256("LC1 bind\0" + device).startsWith(code.binding), "wrong_device");
            need(now >= buildTime - 172800, "clock_rolled_back");
            need(now >= code.issued - 172800, "not_yet_valid");
            need(now < code.worksUntil, "expired");
            return code;
        });
        String refused = List.of("expired", "not_yet_valid").contains("" + judged.reason) ? judged.reason : null;
        return new Verdict(judged.value == null ? refused : now < judged.value.paidUntil ? "active" : "grace", judged.reason, judged.value);
    }

    static Signed readStatement(String text) { // shape and claims of section 7
        String[] part = text.split("\\.", -1);
        Map<?, ?> claims = (Map<?, ?>) json(unb64(part[1]), 16);
        need(text.length() <= 16384 && part.length == 3);
        for (String name : List.of("iss", "aud", "edition")) need(isText(claims.get(name), ".+"));
        need(isText(claims.get("sub"), "[0-9a-f]{16}") && isText(claims.get("status"), "pending|active|frozen|released"));
        need(isTime(claims.get("iat")) && isTime(claims.get("exp")) && claims.get("trial") instanceof Boolean);
        need(isInteger(claims.get("root"), 1, SAFE) && isInteger(claims.get("rev"), 0, 65535) && isInteger(claims.get("product"), 0, 0xffffffffL));
        need(claims.keySet().containsAll(List.of("seats", "paid_until", "works_until"))); // which may be null
        need(claims.get("seats") == null || isInteger(claims.get("seats"), 1, 65535));
        Double paid = at(claims, "paid_until"), works = at(claims, "works_until");
        need(paid == null ? works == null : isTime(paid) && isTime(works) && works >= paid);
        for (Object feature : (List<?>) claims.get("features")) need(isText(feature, ".+"));
        need(!claims.containsKey("device") || unb64(at(claims, "device")).length() == 32);
        need(!claims.containsKey("nonce") || isText(claims.get("nonce"), "[A-Za-z0-9_-]{1,64}"));
        return Signed.read(part[0], part[1], part[2], "license-statement+jwt");
    }
    /** The claims, or the reason not to listen; license id and product code are what is asked. Section 11 says what it means beside a code. */
    public static Attempt<Map<?, ?>> verifyStatement(String text, List<Manifest> trust, long now, Long product, String license, String productCode,
            List<String> met) {
        return Attempt.of(() -> {
            Signed one = readStatement(text);
            Map<?, ?> claims = (Map<?, ?>) json(one.body, 16);
            long issued = ((Double) claims.get("iat")).longValue(), about = ((Double) claims.get("product")).longValue();
            endorse(one, trust, List.of(), met, 2, issued, about, 0);
            need(license == null || license.equals(claims.get("sub")), "wrong_license");
            need((product == null || product == about) && (productCode == null || productCode.equals(claims.get("aud"))), "wrong_product");
            need(issued <= now + 86400, "not_yet_valid");
            return claims;
        });
    }
}
