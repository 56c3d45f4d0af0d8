package licet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static licet.Signed.need;
import static licet.Signed.strict1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A chain of root manifests that holds (section 6), and what it says about keys. */
public final class Trust {
    private static final double LAST_SECOND = 253402300799.0;
    private static final long MONTH = 31 * 86400;
    private final List<Manifest> manifests = new ArrayList<>();

    /** Pins one manifest and walks on over others, in any order; what does not follow from it is passed over. */
    public static Trust open(String pinned, List<String> met) {
        Manifest first = Manifest.read(pinned);
        need(first.isReachedBy(first.signatures, first.revoked));
        List<Manifest> others = met.stream().map(text -> Signed.Attempt.of(() -> Manifest.read(text)).value())
            .filter(Objects::nonNull).toList();
        Trust trust = new Trust();
        for (Manifest next = first; next != null && trust.manifests.size() < 64;) {
            trust.manifests.add(next);
            next = others.stream().filter(one -> one.follows(trust.newest())).findFirst().orElse(null);
        }
        return trust;
    }

    private Manifest newest() {
        return manifests.get(manifests.size() - 1);
    }

    /** Root keys by hex; of a revoked key also when and why. */
    public record Manifest(double version, double threshold, Map<String, List<Object>> keys, Map<String, List<Object>> revoked,
            List<Signed> signatures) {
        /** Reads the JSON of a manifest and verifies no signature. */
        public static Manifest read(String text) {
            need(text.length() <= 65536 && text.getBytes(UTF_8).length <= 65536 && UTF_8.newEncoder().canEncode(text));
            Map<?, ?> whole = (Map<?, ?>) Json.read(text.getBytes(UTF_8), 16);
            String payload = (String) whole.get("payload");
            List<Signed> signatures = ((List<?>) whole.get("signatures")).stream().map(one -> (Map<?, ?>) one).map(one ->
                Signed.read((String) one.get("protected"), payload, (String) one.get("signature"), "licet-root+json")).toList();
            Map<?, ?> claims = (Map<?, ?>) Json.read(Signed.unb64(payload), 16);
            Map<String, List<Object>> keys = keys(claims.get("keys"), false);
            Object version = claims.get("version");
            Object threshold = claims.get("threshold");
            need(Json.isInteger(version, 1, 0x1fffffffffffffL) && Json.isInteger(threshold, 1, keys.size())
                && Json.isInteger(claims.get("issued_at"), 0, LAST_SECOND));
            return new Manifest((Double) version, (Double) threshold, keys, keys(claims.get("revoked"), true), signatures);
        }

        private static Map<String, List<Object>> keys(Object list, boolean isRevoked) {
            Map<String, List<Object>> keys = new LinkedHashMap<>();
            List<Object> kids = new ArrayList<>();
            for (Object one : (List<?>) list) {
                Map<?, ?> entry = (Map<?, ?>) one;
                byte[] x = Signed.unb64((String) entry.get("x"));
                need(x.length == 32 && Signed.keyId(x).equals(entry.get("kid")) && !kids.contains(entry.get("kid")));
                need(!isRevoked || Json.isInteger(entry.get("at"), 0, LAST_SECOND) && entry.get("reason") instanceof String);
                kids.add(entry.get("kid"));
                keys.put(Signed.hex(x, 0, 32), Arrays.asList(entry.get("at"), entry.get("reason")));
            }
            return keys;
        }

        /** A key that signed twice counts once, a barred key not at all. */
        boolean isReachedBy(List<Signed> signed, Map<String, ?> barred) {
            return threshold <= keys.keySet().stream().filter(key -> !barred.containsKey(key)).filter(key -> {
                byte[] x = java.util.HexFormat.of().parseHex(key);
                String kid = Signed.keyId(x);
                return signed.stream().anyMatch(one -> one.kid().equals(kid) && strict1(x, one.message(), one.signature()));
            }).count();
        }

        boolean follows(Manifest last) {
            return version == last.version + 1 && revoked.entrySet().containsAll(last.revoked.entrySet())
                && last.isReachedBy(signatures, last.revoked) && isReachedBy(signatures, revoked);
        }
    }

    /** Whether usage bits of a certificate grant one usage (section 4). */
    public static boolean grants(int usages, int usage) {
        return usages <= 8 && (usages & usage) != 0;
    }

    /** A key that the root may have certified: certificates that are equal but for the kid of the root. */
    private record Grant(ByteBuffer body, List<Signed> certificates) {
        long number(int offset) {
            return body.getInt(offset) & 0xffffffffL;
        }

        byte[] key() {
            return Arrays.copyOfRange(body.array(), 19, 51);
        }
    }

    /** Rows 4 to 8 of section 8. */
    void endorse(Signed one, List<Signed> certificates, long issued, int usage, long product, long term) {
        Map<ByteBuffer, Grant> grants = new LinkedHashMap<>();
        for (Signed certificate : certificates) {
            byte[] same = certificate.body().clone();
            Arrays.fill(same, 2, 6, (byte) 0);
            grants.computeIfAbsent(ByteBuffer.wrap(same), body -> new Grant(body, new ArrayList<>()))
                .certificates.add(certificate);
        }
        Map<String, ?> revoked = newest().revoked;
        List<Grant> left = grants.values().stream().filter(grant -> Signed.keyId(grant.key()).equals(one.kid())).toList();
        left = keep(left, "unknown_key",
            grant -> manifests.stream().anyMatch(root -> root.isReachedBy(grant.certificates, revoked)));
        left = keep(left, "key_revoked", grant -> !revoked.containsKey(Signed.hex(grant.key(), 0, 32)));
        left = keep(left, "bad_signature", grant -> strict1(grant.key(), one.message(), one.signature()));
        left = keep(left, "outside_issuing_window", grant -> grant.number(11) <= issued && issued < grant.number(15));
        keep(left, "not_certified", grant -> grants(grant.body.get(10) & 0xff, usage)
            && (grant.number(51) == 0 || grant.number(51) == product)
            && (grant.body.get(55) == 0 || term <= (grant.body.get(55) & 0xff) * MONTH));
    }

    private static List<Grant> keep(List<Grant> grants, String reason, java.util.function.Predicate<Grant> passes) {
        List<Grant> left = grants.stream().filter(passes).toList();
        need(!left.isEmpty(), reason);
        return left;
    }

    /** The first and those of LK1 texts; what is no such text is passed over. */
    static List<Signed> certificates(List<Signed> first, List<String> texts) {
        return Stream.concat(first.stream(), texts.stream()
            .map(text -> Signed.Attempt.of(() -> LicenseText.read(text, 0)).value())
            .filter(Objects::nonNull).flatMap(read -> read.certificates().stream())).toList();
    }
}
