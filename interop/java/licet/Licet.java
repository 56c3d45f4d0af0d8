package licet;

import static licet.Signed.need;

import java.util.List;
import java.util.Map;

/** Verifies license texts and statements offline, as docs/license-code.md says (sections 1 to 8). Times are Unix seconds. */
public final class Licet {
    private static final long DAY = 86400;

    private Licet() {}

    /** Reason is null when valid, and code is not; it is null when not. */
    public record Verdict(boolean isValid, String standing, String reason, LicenseText.Code code) {}

    /** What the program knows; null is not known, and 0 as build time. Certificates are LK1 texts that were met since. */
    public record Known(long now, Long product, String fingerprint, long buildTime, List<String> certificates) {}

    /** Judges a license text (section 8 without rows 12 and 14). Never throws. */
    public static Verdict verify(String text, Trust trust, Known known) {
        var judged = Signed.Attempt.of(() -> genuine(text, trust, known));
        LicenseText.Code code = judged.value();
        if (code == null) return refused(judged.reason());
        if (known.now < known.buildTime - 2 * DAY) return refused("clock_rolled_back");
        if (known.now < code.issued() - 2 * DAY) return refused("not_yet_valid");
        long now = Math.max(known.now, code.issued());
        if (now >= code.worksUntil()) return refused("expired");
        return new Verdict(true, now < code.paidUntil() ? "active" : "grace", null, code);
    }

    private static Verdict refused(String reason) {
        return new Verdict(false, List.of("expired", "not_yet_valid").contains(reason) ? reason : null, reason, null);
    }

    private static LicenseText.Code genuine(String text, Trust trust, Known known) {
        LicenseText read = LicenseText.read(text, 1);
        Signed signed = read.codes().get(0);
        LicenseText.Code code = LicenseText.Code.of(signed.body());
        long term = code.paidUntil() - code.issued();
        List<Signed> certificates = Trust.certificates(read.certificates(), known.certificates);
        trust.endorse(signed, certificates, code.issued(), 1, code.product(), term);
        code.checkRanges();
        need(known.product == null || known.product == code.product(), "wrong_product");
        need(code.fits(known.fingerprint), "wrong_device");
        return code;
    }

    /** What a statement must be about; null is not asked. */
    public record Concern(String license, Long product, String productCode) {}

    /** The claims, or the reason not to listen. What they mean beside a code is section 11. */
    public static Signed.Attempt<Map<?, ?>> verifyStatement(
            String text, Trust trust, List<String> certificates, long now, Concern about) {
        return Signed.Attempt.of(() -> {
            Signed signed = readStatement(text);
            Map<?, ?> claims = (Map<?, ?>) Json.read(signed.body(), 16);
            long issued = ((Double) claims.get("iat")).longValue();
            long product = ((Double) claims.get("product")).longValue();
            trust.endorse(signed, Trust.certificates(List.of(), certificates), issued, 2, product, 0);
            need(about.license == null || about.license.equals(claims.get("sub")), "wrong_license");
            need(about.product == null || about.product == product, "wrong_product");
            need(about.productCode == null || about.productCode.equals(claims.get("aud")), "wrong_product");
            need(issued <= now + DAY, "not_yet_valid");
            return claims;
        });
    }

    /** Shape and claims of section 7; no signature is verified. */
    public static Signed readStatement(String text) {
        String[] parts = text.split("\\.", -1);
        need(text.length() <= 16384 && parts.length == 3);
        Signed signed = Signed.read(parts[0], parts[1], parts[2], "license-statement+jwt");
        Map<?, ?> claims = (Map<?, ?>) Json.read(signed.body(), 16);
        for (String name : List.of("iss", "aud", "edition")) need(isText(claims.get(name), "(?s).+"));
        for (String name : List.of("iat", "exp")) need(isTime(claims.get(name)));
        need(isText(claims.get("sub"), "[0-9a-f]{16}") && isText(claims.get("status"), "pending|active|frozen|released"));
        need(Json.isInteger(claims.get("root"), 1, 0x1fffffffffffffL) && Json.isInteger(claims.get("rev"), 0, 65535));
        need(Json.isInteger(claims.get("product"), 0, 0xffffffffL) && claims.get("trial") instanceof Boolean);
        need(((List<?>) claims.get("features")).stream().allMatch(feature -> isText(feature, "(?s).+")));
        need(isNull(claims, "seats") || Json.isInteger(claims.get("seats"), 1, 65535));
        Object paid = claims.get("paid_until");
        Object works = claims.get("works_until");
        need(isNull(claims, "paid_until") && isNull(claims, "works_until")
            || isTime(paid) && isTime(works) && (Double) works >= (Double) paid);
        need(!claims.containsKey("device") || Signed.unb64((String) claims.get("device")).length == 32);
        need(!claims.containsKey("nonce") || isText(claims.get("nonce"), "[A-Za-z0-9_-]{1,64}"));
        return signed;
    }

    private static boolean isNull(Map<?, ?> claims, String name) {
        return claims.containsKey(name) && claims.get(name) == null;
    }

    private static boolean isText(Object value, String form) {
        return value instanceof String text && text.matches(form);
    }

    private static boolean isTime(Object value) {
        return Json.isInteger(value, 0, 253402300799.0);
    }
}
