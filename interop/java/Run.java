import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs the vector files: java Run VECTORS [STRICT]. Prints every difference and the sums; fails at a difference. */
public final class Run {
    private static final Map<String, int[]> SUMS = new LinkedHashMap<>();
    private static final Map<String, Integer> SKIPPED = new LinkedHashMap<>();
    private static final List<String> READING = List.of("base64url.json", "crockford.json", "license-code.json",
        "key-certificate.json", "license-text.json", "root-manifest.json", "statement.json");

    private record Vector(Map<?, ?> members) {
        String text(String name) {
            return (String) members.get(name);
        }

        long number(String name) {
            return members.get(name) instanceof Double number ? number.longValue() : 0;
        }

        Long numberOrNull(String name) {
            return members.containsKey(name) ? (Long) number(name) : null;
        }

        Vector member(String name) {
            return new Vector((Map<?, ?>) members.get(name));
        }

        List<?> list(String name) {
            return members.get(name) instanceof List<?> list ? list : List.of();
        }

        List<Vector> vectors(String... names) {
            return Stream.of(names).flatMap(name -> list(name).stream()).map(one -> new Vector((Map<?, ?>) one)).toList();
        }

        String name() {
            return members.containsKey("name") ? text("name") : text("why");
        }
    }

    /** Json is as strict as the page; a lone surrogate, which some bad texts have, becomes U+FFFD as in other readers. */
    private static Object load(String path) throws java.io.IOException {
        Pattern escapes = Pattern.compile("\\\\\\\\|\\\\ud[89ab]..\\\\ud[c-f]..|(\\\\ud[89a-f]..)");
        String text = escapes.matcher(Files.readString(Path.of(path)))
            .replaceAll(found -> found.group(1) == null ? Matcher.quoteReplacement(found.group()) : "\ufffd");
        return Licet.json(Licet.utf8(text), 64);
    }

    /** Compares what the function gives, or the reason it refuses for, with what is expected. */
    private static void check(String file, String name, Object expected, Supplier<Object> function) {
        Licet.Attempt<Object> attempt = Licet.Attempt.of(function::get);
        Object got = attempt.reason() == null ? attempt.value() : attempt.reason();
        boolean isEqual = Objects.equals(got, expected);
        SUMS.computeIfAbsent(file, key -> new int[2])[isEqual ? 0 : 1]++;
        if (!isEqual) System.out.printf("different: %s: %s: %s, not %s%n", file, name, got, expected);
    }

    /** The body of an object whose signature holds and whose compact form is the published one. */
    private static String body(Vector file, String label, Licet.Signed one, String compact) {
        Vector key = file.vectors("keys").stream().filter(any -> any.text("label").equals(label)).findFirst().orElseThrow();
        boolean isSigned = Licet.strict1(Licet.unb64(key.text("x")), one.message(), one.signature());
        String spelled = one.message() + "." + Licet.b64(one.signature());
        return isSigned && spelled.equals(compact) ? Licet.hex(one.body()) : "not signed";
    }

    private static Object read(String name, Vector file, Vector v) {
        switch (name) {
            case "base64url.json":
                return Licet.hex(Licet.unb64(v.text("text")));
            case "crockford.json":
                return Licet.symbols(Licet.fold(v.text("text")));
            case "license-code.json":
                Licet.Signed code = Licet.readText(v.text("code"), 1).get(0);
                Licet.Code.of(code.body(), 0).checkRanges();
                return body(file, "signer", code, v.text("jws"));
            case "key-certificate.json":
                List<Licet.Signed> certificates = Licet.readText(v.text("certificate"), 0);
                Licet.need(certificates.size() == 1);
                return body(file, "root", certificates.get(0), v.text("jws"));
            case "license-text.json":
                return Licet.readText(v.text("text"), 1).stream().map(one -> Licet.hex(one.body())).toList();
            case "root-manifest.json":
                return Licet.Manifest.read(Licet.listed(v.text("text")).get(0)).version();
            default:
                return body(file, "statements", Licet.readStatement(v.text("jwt")), v.text("jwt"));
        }
    }

    private static Object expected(String name, Vector v) {
        return switch (name) {
            case "base64url.json" -> v.text("hex");
            case "crockford.json" -> v.text("symbols");
            case "license-text.json" ->
                Stream.concat(Stream.of(v.text("body_hex")), v.list("certificate_bodies_hex").stream()).toList();
            case "root-manifest.json" -> v.member("payload").members().get("version");
            case "statement.json" -> Licet.hex(Licet.unb64(v.text("jwt").split("\\.")[1]));
            default -> v.text("body_hex");
        };
    }

    private static void reading(String name, Vector file) {
        for (Vector v : file.vectors("good", "folded")) check(name, v.name(), expected(name, v), () -> read(name, file, v));
        for (Vector v : file.vectors("bad", "refused")) {
            String reason = v.members().containsKey("reason") ? v.text("reason") : "malformed";
            check(name, v.name(), reason, () -> read(name, file, v));
        }
        for (Vector v : file.vectors("coverage")) {
            int usages = (int) v.number("usages");
            check(name, v.name(), v.members().get("grants"), () -> Licet.grants(usages, (int) v.number("usage")));
        }
    }

    /** The cases of a license text, and of a statement beside it; what is left out is counted as skipped. */
    private static void verdicts(String name, Vector file) {
        for (Vector v : file.vectors("cases")) {
            Vector expect = v.member("expect");
            long build = v.number("buildTime") + v.number("build_time"); // each file has its own spelling
            List<String> certificates = v.list("certificates").stream().map(String.class::cast).toList();
            // A chain is pinned as one array, what was met since is given one by one.
            boolean isPinned = file.vectors("root").isEmpty();
            List<Vector> own = v.vectors("manifests"), pinned = isPinned ? own : file.vectors("root");
            List<String> chain = (pinned.isEmpty() ? file.vectors("manifests") : pinned).stream().map(Run::json).toList();
            var trust = Licet.openTrust(chain.toString(), isPinned ? List.of() : own.stream().map(Run::json).toList()).value();
            long now = v.number("now");
            if (v.members().containsKey("list")) {
                SKIPPED.merge(name + ": with a revocation list", 1, Integer::sum);
                continue;
            }
            if ("statement".equals(expect.text("decided_by"))) {
                SKIPPED.merge(name + ": a license that a statement decides", 1, Integer::sum);
            } else {
                String expected = expect.members().get("valid") + " " + expect.text("standing") + " " + expect.text("reason");
                check(name, v.name(), expected, () -> {
                    Licet.Attempt<Licet.Code> got = Licet.verify(v.text("text"), trust, now, v.numberOrNull("product"), v.text("fingerprint"), build, certificates);
                    String refused = List.of("expired", "not_yet_valid").contains("" + got.reason()) ? got.reason() : null;
                    return (got.value() != null) + " " + (got.value() != null ? got.value().standing() : refused) + " " + got.reason();
                });
            }
            if (v.members().containsKey("statement") && now < build - 2 * 86400) {
                SKIPPED.merge(name + " statements: beside a clock that was set back", 1, Integer::sum);
            } else if (v.members().containsKey("statement")) {
                check(name + " statements", v.name(), unheard(expect), () -> {
                    return Licet.statement(v.text("statement"), v.text("text"), trust, now, v.text("product_code"), certificates).reason();
                });
            }
        }
    }

    /** Why a statement is not listened to; the other warnings are about one that is. */
    private static String unheard(Vector expect) {
        return expect.list("warnings").stream().map(String::valueOf).filter(warning -> warning.startsWith("statement_"))
            .map(warning -> warning.substring(10)).filter(fault -> !List.of("not_fresh", "wrong_device").contains(fault))
            .findFirst().orElse(null);
    }

    /** A manifest as the text that a program has. */
    private static String json(Vector manifest) {
        String signatures = String.join(",", manifest.vectors("signatures").stream().map(one ->
            "{\"protected\":\"%s\",\"signature\":\"%s\"}".formatted(one.text("protected"), one.text("signature"))).toList());
        return "{\"payload\":\"%s\",\"signatures\":[%s]}".formatted(manifest.text("payload"), signatures);
    }

    public static void main(String[] arguments) throws java.io.IOException {
        for (String name : READING) reading(name, new Vector((Map<?, ?>) load(arguments[0] + "/" + name)));
        for (String name : List.of("verdicts.json", "verdicts-since.json")) {
            verdicts(name, new Vector((Map<?, ?>) load(arguments[0] + "/" + name)));
        }
        for (int i = 1; i < arguments.length; i++) {
            for (Object one : (List<?>) load(arguments[i])) {
                Vector v = new Vector((Map<?, ?>) one);
                var parts = Stream.of("pk", "msg", "sig").map(part -> new String(HexFormat.of().parseHex(v.text(part)), ISO_8859_1)).toList();
                check("strict-1", v.text("set") + " " + v.number("id"), v.members().get("ok"),
                    () -> Licet.strict1(parts.get(0), parts.get(1), parts.get(2)));
            }
        }
        SUMS.forEach((file, sums) -> System.out.printf("%d equal, %d different: %s%n", sums[0], sums[1], file));
        SKIPPED.forEach((why, count) -> System.out.printf("%d skipped: %s%n", count, why));
        System.exit(SUMS.values().stream().anyMatch(sums -> sums[1] > 0) ? 1 : 0);
    }
}
