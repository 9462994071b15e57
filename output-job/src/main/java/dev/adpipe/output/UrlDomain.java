package dev.adpipe.output;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host of a URL, lower case, in ASCII ({@code xn--..} for international names, so that both spellings of a name are one
 * value), without {@code www.}, port and user-info. Not {@link java.net.URI}: logs hold URLs with blanks and macros in
 * their paths, whose host is plain all the same.
 */
final class UrlDomain {
    private static final Pattern SCHEME = Pattern.compile("(?:[A-Za-z][A-Za-z0-9+.-]*:)?//");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern IPV6 =
            Pattern.compile("[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?::?[0-9]{1,3}(?:\\.[0-9]{1,3}){3})?");
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*");
    private static final Pattern OCTET = Pattern.compile("25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]");
    private static final int MAX_LENGTH = 253;

    private UrlDomain() {}

    /**
     * @param url without blanks around it
     */
    static String of(String url) throws BadValueException {
        Matcher scheme = SCHEME.matcher(url);
        boolean hasScheme = scheme.lookingAt();
        String rest = hasScheme ? url.substring(scheme.end()) : url;
        String authority = rest.substring(0, authorityEnd(rest));
        String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
        if (hostAndPort.startsWith("[")) {
            return bracketed(hostAndPort);
        }
        if (hostAndPort.indexOf(':') != hostAndPort.lastIndexOf(':')) {
            return ipv6(hostAndPort);
        }
        int colon = hostAndPort.indexOf(':');
        if (colon < 0) {
            return name(hostAndPort);
        }
        checkPort(hostAndPort.substring(colon + 1), hasScheme);
        return name(hostAndPort.substring(0, colon));
    }

    private static int authorityEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("/?#\\".indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String bracketed(String hostAndPort) throws BadValueException {
        int close = hostAndPort.indexOf(']');
        if (close < 0) {
            throw bad("the bracket of an IPv6 address is not closed");
        }
        String after = hostAndPort.substring(close + 1);
        if (!after.isEmpty()) {
            if (after.charAt(0) != ':') {
                throw bad("only a port may follow an IPv6 address");
            }
            checkPort(after.substring(1), true);
        }
        return ipv6(hostAndPort.substring(1, close));
    }

    private static String ipv6(String text) throws BadValueException {
        String address = text.toLowerCase(Locale.ROOT);
        int gap = address.indexOf("::");
        boolean oneGap = gap >= 0 && address.indexOf("::", gap + 1) < 0;
        long groups = address.chars().filter(c -> c == ':').count() + (address.indexOf('.') < 0 ? 1 : 2);
        boolean edges =
                (!address.startsWith(":") || gap == 0) && (!address.endsWith(":") || gap == address.length() - 2);
        if (!IPV6.matcher(address).matches() || !edges || !(oneGap || (gap < 0 && groups == 8))) {
            throw bad("more than one colon, and no IPv6 address");
        }
        return address;
    }

    /** An empty port is allowed after {@code //}; without it, the text before the colon may as well be a scheme. */
    private static void checkPort(String port, boolean mayBeEmpty) throws BadValueException {
        if (!(port.isEmpty() ? mayBeEmpty : PORT.matcher(port).matches())) {
            throw bad("what follows the colon is no port");
        }
    }

    private static String name(String text) throws BadValueException {
        String name = ascii(text).toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.isEmpty()) {
            throw bad("it has no host");
        }
        if (name.length() > MAX_LENGTH || !NAME.matcher(name).matches()) {
            throw bad("a host is letters, digits, hyphens and underscores between dots, at most 253");
        }
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (last.chars().allMatch(c -> c >= '0' && c <= '9') && !isIpv4(name)) {
            throw bad("a host whose last part is a number must be an IPv4 address");
        }
        return name.startsWith("www.") && name.indexOf('.', 4) > 0 ? name.substring(4) : name;
    }

    private static String ascii(String text) throws BadValueException {
        if (text.chars().allMatch(c -> c < 128)) {
            return text;
        }
        if (text.length() > MAX_LENGTH) {
            throw bad("a host has at most 253 characters");
        }
        try {
            return IDN.toASCII(text, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            throw bad("the international host name is not valid: " + e.getMessage());
        }
    }

    private static boolean isIpv4(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return false;
        }
        for (String octet : octets) {
            if (!OCTET.matcher(octet).matches()) {
                return false;
            }
        }
        return true;
    }

    private static BadValueException bad(String why) {
        return new BadValueException("step domain takes a URL or a host name: " + why);
    }
}
