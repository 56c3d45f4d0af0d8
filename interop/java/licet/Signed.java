package licet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** An object that was read; its signature is not verified. Sections 1 and 2 of docs/license-code.md. */
public record Signed(String kid, byte[] message, byte[] signature, byte[] body) {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger L = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    private static final List<BigInteger> SMALL = List.of(BigInteger.ZERO, BigInteger.ONE, P.subtract(BigInteger.ONE),
        new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
        new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16));
    private static final String X509 = "302a300506032b6570032100";

    /** No, with its reason. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Refused(String reason) {
            super(reason, null, false, false);
        }
    }

    public static void need(boolean condition, String reason) {
        if (!condition) throw new Refused(reason);
    }

    public static void need(boolean condition) {
        need(condition, "malformed");
    }

    /** The value or the reason of a refusal; JSON of another shape than was reached into is malformed too. */
    public record Attempt<T>(T value, String reason) {
        public static <T> Attempt<T> of(Supplier<T> function) {
            try {
                return new Attempt<>(function.get(), null);
            } catch (Refused refused) {
                return new Attempt<>(null, refused.getMessage());
            } catch (RuntimeException | StackOverflowError otherShape) {
                return new Attempt<>(null, "malformed");
            }
        }
    }

    /** Verifies a signature by the rule of section 2. */
    public static boolean strict1(byte[] key, byte[] message, byte[] signature) {
        if (key.length != 32 || signature.length != 64) return false;
        byte[] r = Arrays.copyOf(signature, 32);
        if (littleEndian(Arrays.copyOfRange(signature, 32, 64)).compareTo(L) >= 0) return false;
        for (byte[] point : List.of(key, r)) {
            BigInteger y = littleEndian(point).clearBit(255);
            if (y.compareTo(P) >= 0 || SMALL.contains(y)) return false;
        }
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            byte[] spki = HexFormat.of().parseHex(X509 + HexFormat.of().formatHex(key));
            ed25519.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
            ed25519.update(message);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException noPoint) {
            return false;
        }
    }

    private static BigInteger littleEndian(byte[] data) {
        byte[] reversed = new byte[data.length];
        for (int i = 0; i < data.length; i++) reversed[i] = data[data.length - 1 - i];
        return new BigInteger(1, reversed);
    }

    public static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    public static String b64(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    /** The bytes of the canonical spelling, else refused. */
    public static byte[] unb64(String text) {
        byte[] data = Base64.getUrlDecoder().decode(text);
        need(b64(data).equals(text));
        return data;
    }

    public static String hex(byte[] data, int from, int to) {
        return HexFormat.of().formatHex(data, from, to);
    }

    static String keyId(byte[] key) {
        return hex(sha256(("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + b64(key) + "\"}").getBytes(UTF_8)), 0, 4);
    }

    static String header(String kid, String typ) {
        return b64(("{\"alg\":\"EdDSA\",\"kid\":\"" + kid + "\",\"typ\":\"" + typ + "\"}").getBytes(UTF_8));
    }

    /** Needs the header to be the fixed text of some kid. */
    static Signed read(String header, String payload, String signature, String typ) {
        String kid = new String(unb64(header), UTF_8).substring(22, 30);
        need(kid.matches("[0-9a-f]{8}") && header(kid, typ).equals(header) && unb64(signature).length == 64);
        return new Signed(kid, (header + "." + payload).getBytes(UTF_8), unb64(signature), unb64(payload));
    }
}
