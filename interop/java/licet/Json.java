package licet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static licet.Signed.need;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Strict JSON (section 1): Map, List, String, Double, Boolean or null; anything else is refused. */
public final class Json {
    private static final Pattern TOKEN = Pattern.compile("[ \\t\\n\\r]*+([\\[\\]{},:]|true|false|null"
        + "|\"(?:[^\"\\\\\\x00-\\x1f]++|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*+\""
        + "|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)[ \\t\\n\\r]*+");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(....)|(.))");

    private final Matcher tokens;
    private String token;

    private Json(String text) {
        tokens = TOKEN.matcher(text);
        next();
    }

    public static Object read(byte[] data, int mostDepth) {
        try {
            Json json = new Json(UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString());
            Object value = json.value(mostDepth);
            need(json.token.isEmpty());
            return value;
        } catch (CharacterCodingException notUtf8) {
            throw new Signed.Refused("malformed");
        }
    }

    /** The next token; empty at the end. */
    private void next() {
        boolean isEnd = tokens.regionStart() == tokens.regionEnd();
        need(isEnd || tokens.lookingAt());
        token = isEnd ? "" : tokens.group(1);
        if (!isEnd) tokens.region(tokens.end(), tokens.regionEnd());
    }

    private boolean skip(String expected) {
        boolean found = token.equals(expected);
        if (found) next();
        return found;
    }

    private Object value(int room) {
        if (skip("{")) return members(room);
        if (skip("[")) return items(room);
        String scalar = token;
        need(!scalar.isEmpty() && "]},:".indexOf(scalar.charAt(0)) < 0);
        next();
        return switch (scalar.charAt(0)) {
            case '"' -> text(scalar.substring(1, scalar.length() - 1));
            case 't', 'f' -> Boolean.valueOf(scalar);
            case 'n' -> null;
            default -> number(scalar);
        };
    }

    private Map<String, Object> members(int room) {
        Map<String, Object> members = new LinkedHashMap<>();
        need(room > 0);
        if (skip("}")) return members;
        do {
            need(token.startsWith("\""));
            String name = (String) value(0);
            need(skip(":") && !members.containsKey(name));
            members.put(name, value(room - 1));
        } while (skip(","));
        need(skip("}"));
        return members;
    }

    private List<Object> items(int room) {
        List<Object> items = new ArrayList<>();
        need(room > 0);
        if (skip("]")) return items;
        do {
            items.add(value(room - 1));
        } while (skip(","));
        need(skip("]"));
        return items;
    }

    private static Double number(String digits) {
        double number = Double.parseDouble(digits);
        need(!Double.isInfinite(number));
        return number;
    }

    private static String text(String escaped) {
        String text = ESCAPE.matcher(escaped).replaceAll(found -> Matcher.quoteReplacement(found.group(1) != null
            ? String.valueOf((char) Integer.parseInt(found.group(1), 16))
            : switch (found.group(2)) {
                case "b" -> "\b";
                case "f" -> "\f";
                case "n" -> "\n";
                case "r" -> "\r";
                case "t" -> "\t";
                default -> found.group(2);
            }));
        need(UTF_8.newEncoder().canEncode(text)); // no lone surrogate
        return text;
    }

    static boolean isInteger(Object value, double low, double high) {
        return value instanceof Double number && number == Math.rint(number) && low <= number && number <= high;
    }
}
