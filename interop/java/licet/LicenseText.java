package licet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static licet.Signed.b64;
import static licet.Signed.need;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A license code and the certificates beside it (sections 3 to 5), read and not verified. */
public record LicenseText(List<Signed> codes, List<Signed> certificates) {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final String DROPPED = "[-\\t-\\r \\x85\\xa0\\xad\\u1680\\u180e\\u2000-\\u2015\\u2028\\u2029\\u202f\\u205f"
        + "\\u2060\\u2212\\u3000\\ufeff]";

    /** Section 5, steps 1 to 3. */
    public static String fold(String text) {
        StringBuilder narrow = new StringBuilder();
        for (char c : text.toCharArray()) {
            char ascii = c >= 0xff01 && c <= 0xff5e ? (char) (c - 0xfee0) : c;
            narrow.append(ascii >= 'a' && ascii <= 'z' ? (char) (ascii - 32) : ascii);
        }
        String kept = narrow.toString().replaceAll(DROPPED, "");
        need(kept.matches("[A-Z0-9]*"));
        return kept;
    }

    /** Step 5: the letters that people misread. */
    public static String symbols(String text) {
        need(text.indexOf('U') < 0);
        return text.replace('O', '0').replace('I', '1').replace('L', '1');
    }

    private record Item(String typ, byte[] data, int check) {
        static Item read(String typ, String symbols) {
            BigInteger bits = BigInteger.ONE; // keeps leading zeros
            for (char symbol : symbols.toCharArray()) {
                bits = bits.shiftLeft(5).or(BigInteger.valueOf(ALPHABET.indexOf(symbol)));
            }
            byte[] data = bits.shiftRight(25).toByteArray();
            return new Item(typ, Arrays.copyOfRange(data, 1, data.length), bits.intValue() & 0x1ffffff);
        }

        boolean isSpelledRight() {
            byte[] prefix = typ.toUpperCase(java.util.Locale.ROOT).getBytes(UTF_8);
            byte[] all = ByteBuffer.allocate(3 + data.length).put(prefix).put(data).array();
            return ByteBuffer.wrap(Signed.sha256(all)).getInt() >>> 7 == check;
        }

        boolean isKnown() {
            return data[0] == 1 && data[1] >= 0 && data[1] <= (typ.equals("lc1") ? 3 : 0);
        }

        Signed signed() {
            int end = data.length - 64;
            byte[] body = Arrays.copyOf(data, end);
            String header = Signed.header(Signed.hex(data, 2, 6), typ);
            return Signed.read(header, b64(body), b64(Arrays.copyOfRange(data, end, data.length)), typ);
        }
    }

    /** Reads a text with so many codes; every check is made of all objects before the next. */
    public static LicenseText read(String text, int codes) {
        need(text.getBytes(UTF_8).length <= 8192);
        List<Item> items = new ArrayList<>();
        for (String rest = fold(text); !rest.isEmpty();) {
            String prefix = rest.substring(0, 3);
            need(prefix.equals("LC1") || prefix.equals("LK1"));
            boolean isBound = ALPHABET.indexOf(symbols(rest.substring(3, 6)).charAt(2)) % 2 == 1;
            int end = 3 + (prefix.equals("LK1") ? 197 : isBound ? 181 : 165);
            items.add(Item.read(prefix.equals("LC1") ? "lc1" : "lk1", symbols(rest.substring(3, end))));
            rest = rest.substring(end);
        }
        long found = items.stream().filter(item -> item.typ.equals("lc1")).count();
        need(found == codes && !items.isEmpty() && items.size() - found <= 16);
        need(items.stream().allMatch(Item::isSpelledRight), "mistyped");
        need(items.stream().allMatch(Item::isKnown), "unsupported_version");
        return new LicenseText(items.stream().filter(item -> item.typ.equals("lc1")).map(Item::signed).toList(),
            items.stream().filter(item -> item.typ.equals("lk1")).map(Item::signed).toList());
    }

    /** What a code says (section 3.1). An end that never comes is Long.MAX_VALUE. */
    public record Code(String license, long product, int edition, int seats, long issued, long paidUntil, long worksUntil,
            int revision, int features, boolean isTrial, byte[] binding) {
        public static Code of(byte[] body) {
            ByteBuffer at = ByteBuffer.wrap(body);
            long paid = at.getInt(26) & 0xffffffffL;
            boolean isPerpetual = paid == 0xffffffffL;
            return new Code(Signed.hex(body, 6, 14), at.getInt(14) & 0xffffffffL, at.getShort(18) & 0xffff,
                at.getShort(20) & 0xffff, at.getInt(22) & 0xffffffffL, isPerpetual ? Long.MAX_VALUE : paid,
                isPerpetual ? Long.MAX_VALUE : paid + 86400L * (body[32] & 0xff), at.getShort(30) & 0xffff,
                at.getInt(32) & 0xffffff, (body[1] & 1) == 1, Arrays.copyOfRange(body, 36, body.length));
        }

        /** Row 9 of section 8. */
        public Code checkRanges() {
            need(issued < paidUntil && !(isTrial && paidUntil == Long.MAX_VALUE), "bad_range");
            return this;
        }

        boolean fits(String fingerprint) {
            byte[] name = (fingerprint == null ? "" : fingerprint).getBytes(UTF_8);
            byte[] all = ByteBuffer.allocate(9 + name.length).put("LC1 bind\0".getBytes(UTF_8)).put(name).array();
            boolean isName = name.length >= 1 && name.length <= 5120 && UTF_8.newEncoder().canEncode(fingerprint);
            return binding.length == 0 || isName && Arrays.equals(Arrays.copyOf(Signed.sha256(all), 10), binding);
        }
    }
}
