package dev.adpipe.schemas.payload;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * One time in the variants of ISO-8601 that logs contain: {@code T} or a space between date and time, seconds and a
 * fraction of up to nine digits or none, a zone as {@code Z}, {@code UTC}, {@code +01}, {@code +0100} or {@code +01:00}; no
 * zone is UTC. By hand because every event passes here; {@code java.time}'s parsers know none of these leniently.
 */
final class IsoTime {
    private final String text;
    private int at;

    IsoTime(String text) {
        this.text = text;
    }

    /** Milliseconds since the epoch, rounded down. */
    long millis() {
        long day = date();
        if (at == text.length()) {
            throw bad("has no time of day");
        }
        char separator = text.charAt(at);
        if (separator != 'T' && separator != 't' && separator != ' ') {
            throw bad("has no T or space after the date");
        }
        at++;
        int hour = number(2, 0, 23, "hour");
        expect(':', "hour");
        int minute = number(2, 0, 59, "minute");
        int second = 0;
        int millis = 0;
        if (take(':')) {
            // A leap second is the last of its hour, wherever the zone.
            second = number(2, 0, minute == 59 ? 60 : 59, "second");
            if (take('.') || take(',')) {
                millis = fraction();
            }
        }
        long offset = zone();
        if (at != text.length()) {
            throw bad("goes on after the zone");
        }
        return (((day * 24 + hour) * 60 + minute - offset) * 60 + second) * 1_000 + millis;
    }

    private long date() {
        int year = number(4, 0, 9999, "year");
        expect('-', "year");
        int month = number(2, 1, 12, "month");
        expect('-', "month");
        int day = number(2, 1, 31, "day");
        if (day > 28 && day > YearMonth.of(year, month).lengthOfMonth()) {
            throw bad("has a day that its month does not have");
        }
        return LocalDate.of(year, month, day).toEpochDay();
    }

    private int fraction() {
        int digits = 0;
        int millis = 0;
        for (; at < text.length() && isDigit(text.charAt(at)); at++, digits++) {
            if (digits < 3) {
                millis = millis * 10 + text.charAt(at) - '0';
            }
        }
        if (digits > 9) {
            throw bad("has a fraction of more than 9 digits");
        }
        for (; digits < 3; digits++) {
            millis *= 10;
        }
        return millis;
    }

    /** Minutes east of UTC. */
    private int zone() {
        take(' ');
        if (at == text.length() || take('Z') || take('z')) {
            return 0;
        }
        if (text.startsWith("UTC", at) || text.startsWith("GMT", at)) {
            at += 3;
            return 0;
        }
        int sign = take('+') ? 1 : take('-') ? -1 : 0;
        if (sign == 0) {
            throw bad("has something other than Z, UTC or an offset such as +01:00 after the time");
        }
        int hours = number(2, 0, 18, "offset");
        boolean colon = take(':');
        int minutes = colon || at < text.length() ? number(2, 0, 59, "offset") : 0;
        return sign * (hours * 60 + minutes);
    }

    private int number(int digits, int least, int greatest, String what) {
        if (at + digits > text.length()) {
            throw bad("ends in the " + what);
        }
        int value = 0;
        for (int end = at + digits; at < end; at++) {
            char c = text.charAt(at);
            if (!isDigit(c)) {
                throw bad("has no " + digits + "-digit " + what);
            }
            value = value * 10 + c - '0';
        }
        if (value < least || value > greatest) {
            throw bad("has the " + what + " " + value);
        }
        return value;
    }

    private void expect(char wanted, String after) {
        if (!take(wanted)) {
            throw bad("has no " + wanted + " after the " + after);
        }
    }

    private boolean take(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private BadTimeException bad(String problem) {
        return EventTimes.bad(
                Scalars.quote(text) + " " + problem + "; iso-8601 is written as 2019-11-24T00:01:03.979Z");
    }
}
