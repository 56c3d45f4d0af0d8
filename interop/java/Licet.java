import static java.nio.charset.StandardCharsets.*;
import java.math.BigInteger;
import java.security.*;
import java.security.spec.X509EncodedKeySpec;
import java.util.*;
import java.util.function.*;
import java.util.regex.*;
import java.util.stream.*;
/** Verifies Licet license texts and statements offline, as docs/license-code.md says (sections 1 to 8). Times are Unix seconds; null is not
    known; `met` was met since. Valid is what has no reason; expired and not_yet_valid are standings too. Strings hold bytes, a char each. */
public final class Licet {
    static final long DAY = 86400, MONTH = 31 * DAY, LAST = 253402300799L, SAFE = (1L << 53) - 1, FOREVER = Long.MAX_VALUE;
    static final String L = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed", B32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    static final String NO_POINT = "(e[c-f]|f.)(ff){30}[7f]f|0[01](00){30}[08]0|26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc"
        + "[08]5|c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03[7f]a"; // of section 2: y is not below p, or SMALL
    static final String DROPPED = "[-\\t-\\r \\x85\\xa0\\xad\\u1680\\u180e\\u2000-\\u2015\\u2028\\u2029\\u202f\\u205f\\u2060\\u2212\\u3000\\ufeff]";
    static final Pattern OBJECT = Pattern.compile("\\G(?:LK1[^U]{197}|LC1(?:[^U]{2}[13579BDFHIKLNQSVXZ][^U]{13})?+[^U]{165})");
    static final Pattern TOKEN = Pattern.compile("\\G[ \\t\\n\\r]*+([\\[\\]{},:]|true|false|null|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE]"
        + "[+-]?[0-9]++)?|\"(?:[^\"\\\\\\x00-\\x1f]++|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*+\")[ \\t\\n\\r]*+");
    static final class Refused extends IllegalStateException { Refused(String reason) { super(reason); } }
    static void need(boolean condition, String reason) { if (!condition) throw new Refused(reason); }
    static void need(boolean condition) { need(condition, "malformed"); }
    static <T> T checked(T value, Predicate<T> isGood) { need(isGood.test(value)); return value; }
    public record Attempt<T>(T value, String reason) { // JSON of another shape than was reached into is malformed
        static <T> Attempt<T> of(java.util.concurrent.Callable<T> function) {
            try { return new Attempt<>(function.call(), null); }
            catch (Exception no) { return new Attempt<>(null, no instanceof Refused ? no.getMessage() : "malformed"); }
        }
    }
    static byte[] bytes(String data) { return data.getBytes(ISO_8859_1); }
    static String string(byte[] data) { return new String(data, ISO_8859_1); }
    static String utf8(String text) { return string(text.getBytes(UTF_8)); }
    static boolean isUnicode(String text) { return UTF_8.newEncoder().canEncode(text); } // without lone surrogates
    static boolean fits(String text, int most) { return text != null && !text.isEmpty() && isUnicode(text) && utf8(text).length() <= most; }
    static String hex(String data) { return HexFormat.of().formatHex(bytes(data)); }
    static long number(String data, int from, int to) { return Long.parseLong(hex(data.substring(from, to)), 16); }
    static String sha256(String data) { return Attempt.of(() -> string(MessageDigest.getInstance("SHA-256").digest(bytes(data)))).value; }
    static String b64(String data) { return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(data)); }
    static String unb64(String text) { return checked(string(Base64.getUrlDecoder().decode(text)), data -> b64(data).equals(text)); }
    static String keyId(String x) { return hex(sha256("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + b64(x) + "\"}").substring(0, 4)); }
    static String header(String kid, String typ) { return b64("{\"alg\":\"EdDSA\",\"kid\":\"" + kid + "\",\"typ\":\"" + typ + "\"}"); }
    static boolean isPoint(String data) { return data.length() == 32 && !hex(data).matches(NO_POINT); }
    static boolean strict1(String key, String message, String signature) { // section 2
        return Attempt.of(() -> {
            String order = hex(new StringBuilder(signature.substring(32)).reverse().toString());
            need(isPoint(key) && isPoint(signature.substring(0, 32)) && signature.length() == 64 && order.compareTo(L) < 0);
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(bytes("0*0\5\6\3+ep\3!\0" + key))));
            ed25519.update(bytes(message)); return ed25519.verify(bytes(signature));
        }).value == Boolean.TRUE;
    }
    record Signed(String kid, String message, String signature, String body) {} // was read; its signature is not verified
    static Signed jws(String header, String payload, String signature, String typ) { // the header must be the fixed text of some kid
        String kid = checked(unb64(header).substring(22, 30), one -> one.matches("[0-9a-f]{8}") && header(one, typ).equals(header));
        return new Signed(kid, header + "." + payload, checked(unb64(signature), one -> one.length() == 64), unb64(payload));
    }
    static Object json(String data, int room) { // section 1, strict: Map, List, String, Double, Boolean or null
        String text = new String(bytes(data), UTF_8);
        Deque<String> tokens = new ArrayDeque<>(TOKEN.matcher(text).results().map(one -> one.group(1)).toList());
        return checked(value(tokens, room), none -> tokens.isEmpty() && TOKEN.matcher(text).replaceAll("").isEmpty() && utf8(text).equals(data));
    }
    static Object value(Deque<String> tokens, int room) {
        String token = tokens.pop(), end = token.equals("[") ? "]" : "}";
        if (token.startsWith("\"")) return checked(Pattern.compile("\\\\(?:u(....)|.)").matcher(token.substring(1, token.length() - 1))
            .replaceAll(one -> Matcher.quoteReplacement(one.group(1) != null ? Character.toString(Integer.parseInt(one.group(1), 16))
                : one.group().replace("\\/", "/").translateEscapes())), Licet::isUnicode);
        if (token.matches("true|false")) return token.equals("true");
        if (!token.matches("[\\[{]")) return token.equals("null") ? null : checked(Double.valueOf(token), one -> !one.isInfinite());
        Map<Object, Object> members = checked(new LinkedHashMap<>(), none -> room > 0); // those of an array by their place
        for (String next = tokens.peek().equals(end) ? tokens.pop() : ","; !next.equals(end); next = tokens.pop()) {
            Object name = token.equals("[") ? (Object) members.size() : value(tokens, 0);
            need(next.equals(",") && !members.containsKey(name) && (name instanceof Integer || name instanceof String && tokens.pop().equals(":")));
            members.put(name, value(tokens, room - 1));
        }
        return token.equals("[") ? new ArrayList<>(members.values()) : members;
    }
    @SuppressWarnings("unchecked") static <T> T at(Object object, String name) { return (T) ((Map<?, ?>) object).get(name); }
    static boolean isText(Object value, String form) { return value instanceof String text && text.matches("(?s:" + form + ")"); }
    static boolean isInt(Object value, long low, long high) { return value instanceof Double n && n % 1 == 0 && low <= n && n <= high; }
    static boolean isTime(Object value) { return isInt(value, 0, LAST); }
    static String fold(String text) { // section 5, steps 1 to 3
        String narrow = text.chars().mapToObj(c -> "" + (char) (c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c)).collect(Collectors.joining());
        return checked(narrow.replaceAll(DROPPED, ""), one -> one.matches("[A-Za-z0-9]*")).toUpperCase(Locale.ROOT);
    }
    static String symbols(String text) { return checked(text, one -> !one.contains("U")).replace('O', '0').replaceAll("[IL]", "1"); } // step 5
    static List<Signed> readText(String text, int codes) { // so many codes, then the certificates
        List<Signed> read = new ArrayList<>();
        Set<String> faults = new TreeSet<>(); // of any object, in the order in which they are judged
        for (String object : OBJECT.matcher(fold(text)).results().map(MatchResult::group).toList()) {
            String prefix = object.substring(0, 3), typ = prefix.toLowerCase(Locale.ROOT);
            BigInteger bits = BigInteger.ONE; // in front of leading zeros
            for (char one : symbols(object.substring(3)).toCharArray()) bits = bits.shiftLeft(5).add(BigInteger.valueOf(B32.indexOf(one)));
            String data = string(bits.shiftRight(25).toByteArray()).substring(1), body = data.substring(0, data.length() - 64);
            Signed signed = jws(header(hex(body.substring(2, 6)), typ), b64(body), b64(data.substring(body.length())), typ);
            read.add(typ.equals("lc1") ? 0 : read.size(), signed);
            if (number(sha256(prefix + data), 0, 4) >> 7 != (bits.intValue() & 0x1ffffff)) faults.add("mistyped");
            if (body.charAt(0) != 1 || body.charAt(1) > (typ.equals("lc1") ? 3 : 0)) faults.add("unsupported_version");
        }
        need(fits(text, 8192) && !read.isEmpty() && read.size() <= codes + 16 && OBJECT.matcher(fold(text)).replaceAll("").isEmpty());
        need(read.stream().filter(one -> one.body.length() < 56).count() == codes);
        for (String fault : faults) need(false, fault); return read;
    }
    public record Manifest(Double version, Double threshold, Map<String, Object> keys, Map<String, Object> revoked, List<Signed> signed) {
        static Manifest read(Object whole) { // section 6; verifies no signature
            Object claims = json(unb64(at(whole, "payload")), 16);
            List<?> keys = at(claims, "keys"), revoked = at(claims, "revoked"), signatures = at(whole, "signatures");
            for (Object one : revoked) need(isTime(at(one, "at")) && isText(at(one, "reason"), ".*"));
            need(isInt(at(claims, "version"), 1, SAFE) && isInt(at(claims, "threshold"), 1, keys.size()) && isTime(at(claims, "issued_at")));
            return new Manifest(at(claims, "version"), at(claims, "threshold"), keys(keys), keys(revoked), signatures.stream().map(one ->
                jws(at(one, "protected"), at(whole, "payload"), at(one, "signature"), "licet-root+json")).toList());
        }
        static Map<String, Object> keys(List<?> list) { // by their 32 bytes: of a revoked one when and why
            need(list.stream().map(key -> at(key, "kid")).distinct().count() == list.size());
            return list.stream().collect(Collectors.toMap(key -> checked(unb64(at(key, "x")), x -> x.length() == 32
                && keyId(x).equals(at(key, "kid"))), key -> at(key, "at") + " " + at(key, "reason")));
        }
        boolean isReachedBy(List<Signed> signed, Map<String, Object> barred) { // a key that signed twice counts once
            return threshold <= keys.keySet().stream().filter(x -> !barred.containsKey(x) && signed.stream()
                .anyMatch(one -> one.kid.equals(keyId(x)) && strict1(x, one.message, one.signature))).count();
        }
    }
    static <S, T> List<T> readable(Stream<S> all, Function<S, T> read) { // what cannot be read is passed over
        return all.map(one -> Attempt.of(() -> read.apply(one)).value).filter(Objects::nonNull).toList();
    }
    static List<?> listed(String text) { // the manifests of a list, or one alone
        Object whole = json(checked(utf8(text), one -> fits(text, text.startsWith("[") ? 1 << 23 : 65536)), 16);
        return whole instanceof List<?> list ? list : List.of(whole);
    }
    public static Attempt<List<Manifest>> openTrust(String pinned, List<String> met) { // a reason: the first of the pinned does not hold
        var all = readable(Stream.concat(Stream.of(pinned), met.stream()), Licet::listed).stream().flatMap(List::stream).limit(129);
        List<Manifest> others = readable(all, Manifest::read); // what does not follow is passed over
        Predicate<Manifest> holds = one -> one.isReachedBy(one.signed, one.revoked);
        UnaryOperator<Manifest> next = last -> others.stream().filter(one -> one.version == last.version + 1 && holds.test(one) && last.isReachedBy(
            one.signed, last.revoked) && one.revoked.entrySet().containsAll(last.revoked.entrySet())).findFirst().orElse(null);
        return Attempt.of(() -> Stream.iterate(checked(Manifest.read(listed(pinned).get(0)), holds), Objects::nonNull, next).limit(64).toList());
    }
    static boolean grants(long usages, long usage) { return usages <= 8 && (usages & usage) != 0; } // section 4
    static void keep(Set<String> all, String reason, Predicate<String> fits) { all.removeIf(fits.negate()); need(!all.isEmpty(), reason); }
    static void endorse(List<Signed> read, List<Manifest> trust, List<String> met, int usage, long issued, long product, long term) {
        Signed one = read.get(0); // rows 4 to 8 of section 8; certificates that are equal but for the kid of the root are one grant
        Map<String, Object> revoked = trust.get(trust.size() - 1).revoked;
        var signed = Stream.concat(read.stream().skip(1), readable(met.stream().limit(64), text -> readText(text, 0)).stream().flatMap(List::stream))
            .filter(certificate -> keyId(certificate.body.substring(19, 51)).equals(one.kid))
            .collect(Collectors.groupingBy(certificate -> certificate.body.substring(0, 2) + "...." + certificate.body.substring(6)));
        keep(signed.keySet(), "unknown_key", grant -> trust.stream().anyMatch(root -> root.isReachedBy(signed.get(grant), revoked)));
        keep(signed.keySet(), "key_revoked", grant -> !revoked.containsKey(grant.substring(19, 51)));
        keep(signed.keySet(), "bad_signature", grant -> strict1(grant.substring(19, 51), one.message, one.signature));
        keep(signed.keySet(), "outside_issuing_window", grant -> number(grant, 11, 15) <= issued && issued < number(grant, 15, 19));
        keep(signed.keySet(), "not_certified", grant -> grants(number(grant, 10, 11), usage) && List.of(0L, product).contains(number(grant, 51, 55))
            && (number(grant, 55, 56) == 0 || term <= number(grant, 55, 56) * MONTH));
    }
    public record Code(String license, long product, long edition, long seats, long issued, long paidUntil, long worksUntil, long revision,
            long features, boolean isTrial, String binding, String standing) {
        static Code of(String body, long now) { // section 3.1
            long end = number(body, 26, 30), paid = end == 0xffffffffL ? FOREVER : end, grace = paid == FOREVER ? 0 : number(body, 32, 33);
            return new Code(hex(body.substring(6, 14)), number(body, 14, 18), number(body, 18, 20), number(body, 20, 22), number(body, 22, 26),
                paid, paid + grace * DAY, number(body, 30, 32), number(body, 33, 36), body.charAt(1) % 2 == 1, body.substring(36),
                now < paid ? "active" : "grace");
        }
        void checkRanges() { need(issued < paidUntil && !(isTrial && paidUntil == FOREVER), "bad_range"); } // row 9 of section 8
    }
    public static Attempt<Code> verify(String text, List<Manifest> trust, long now, Long product, String device, long built, List<String> met) {
        return Attempt.of(() -> { // section 8 without rows 12 and 14
            List<Signed> read = readText(text, 1);
            Code code = Code.of(read.get(0).body, now);
            endorse(read, trust, met, 1, code.issued, code.product, code.paidUntil - code.issued);
            code.checkRanges(); need(product == null || product == code.product, "wrong_product");
            need(code.binding.isEmpty() || fits(device, 5120) && sha256("LC1 bind\0" + utf8(device)).startsWith(code.binding), "wrong_device");
            need(now >= built - 2 * DAY, "clock_rolled_back"); need(now >= code.issued - 2 * DAY, "not_yet_valid");
            need(now < code.worksUntil, "expired"); return code;
        });
    }
    static Signed readStatement(String text) { // shape and claims of section 7
        String[] part = text.split("\\.", -1);
        Map<?, ?> said = (Map<?, ?>) json(unb64(part[1]), 16);
        need(text.length() <= 16384 && part.length == 3 && (!said.containsKey("device") || unb64(at(said, "device")).length() == 32));
        need(said.get("trial") instanceof Boolean && ((List<?>) said.get("features")).stream().allMatch(one -> isText(one, ".+")));
        Map.of("iss", ".+", "aud", ".+", "edition", ".+", "sub", "[0-9a-f]{16}", "status", "pending|active|frozen|released", "nonce",
            "[A-Za-z0-9_-]{1,64}").forEach((name, form) -> need(isText(said.get(name), form) || name.equals("nonce") && !said.containsKey(name)));
        Map.of("iat", LAST, "exp", LAST, "paid_until", LAST, "works_until", LAST, "root", SAFE, "rev", 65535L, "product", 0xffffffffL, "seats",
            65535L).forEach((name, most) -> need(isInt(said.get(name), name.matches("root|seats") ? 1 : 0, most)
                || name.matches("seats|.*until") && said.containsKey(name) && said.get(name) == null));
        Double paid = at(said, "paid_until"), works = at(said, "works_until"); // null, when it is compared, is malformed
        need(paid == null ? works == null : works >= paid);
        return jws(part[0], part[1], part[2], "license-statement+jwt");
    }
    public static Attempt<Map<?, ?>> statement(String jwt, String text, List<Manifest> trust, long now, String productCode, List<String> met) {
        return Attempt.of(() -> { // the claims, or why not to listen; section 11 says what they mean. The text is a good license text
            List<Signed> read = readText(text, 1);
            Code code = Code.of(read.set(0, readStatement(jwt)).body, now); // before the certificates stands the statement now
            Map<?, ?> claims = (Map<?, ?>) json(read.get(0).body, 16);
            long issued = ((Double) claims.get("iat")).longValue(), about = ((Double) claims.get("product")).longValue();
            endorse(read, trust, met, 2, issued, about, 0);
            need(code.license.equals(claims.get("sub")), "wrong_license");
            need(code.product == about && (productCode == null || productCode.equals(claims.get("aud"))), "wrong_product");
            need(issued <= now + DAY, "not_yet_valid"); return claims;
        });
    }
}
