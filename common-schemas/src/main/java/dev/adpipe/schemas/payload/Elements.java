package dev.adpipe.schemas.payload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Where the elements of a {@code for-each} array stand in one payload, so that it can be cut down to each of them. All
 * positions count bytes from the payload's first. Used by one thread.
 */
final class Elements {
    private final List<Element> innermost = new ArrayList<>();

    /** An array on the way, its framing included: JSON's brackets, Avro's counts. */
    static final class Array {
        private final int start;
        private int end;
        private int elements;

        Array(int start) {
            this.start = start;
        }

        void endAt(int position) {
            end = position;
        }
    }

    /** One element of an array on the way. */
    static final class Element {
        private final Array array;
        private final Element outer;
        private final int start;
        private int end;

        /**
         * @param outer the element that contains the array; null if the array is in none
         */
        Element(Array array, Element outer, int start) {
            this.array = array;
            this.outer = outer;
            this.start = start;
            array.elements++;
        }

        void endAt(int position) {
            end = position;
        }

        private boolean isAlone() {
            return array.elements == 1 && (outer == null || outer.isAlone());
        }
    }

    /** Takes an element of the last array on the way. */
    void add(Element element) {
        innermost.add(element);
    }

    int size() {
        return innermost.size();
    }

    /** Forgets those after the first so many: a later field of the same name replaces an earlier one. */
    void truncate(int size) {
        innermost.subList(size, innermost.size()).clear();
    }

    /**
     * The payload with every array on the way cut down to this element; all other bytes are as they were.
     *
     * @param open  begins an array of one element
     * @param close ends it
     */
    byte[] cut(byte[] raw, int number, byte open, byte close) {
        Element element = innermost.get(number);
        if (element.isAlone()) {
            return raw;
        }
        Deque<Element> way = new ArrayDeque<>();
        int length = raw.length;
        for (Element e = element; e != null; e = e.outer) {
            way.addFirst(e);
            length += 2 - (e.array.end - e.array.start) + (e.end - e.start);
        }
        Cut cut = new Cut(raw, new byte[length]);
        int from = 0;
        for (Element e : way) {
            cut.copy(from, e.array.start);
            cut.put(open);
            from = e.start;
        }
        cut.copy(from, element.end);
        for (Element e = element; e != null; e = e.outer) {
            cut.put(close);
            cut.copy(e.array.end, e.outer == null ? raw.length : e.outer.end);
        }
        return cut.target;
    }

    private static final class Cut {
        private final byte[] source;
        private final byte[] target;
        private int at;

        Cut(byte[] source, byte[] target) {
            this.source = source;
            this.target = target;
        }

        void copy(int from, int to) {
            System.arraycopy(source, from, target, at, to - from);
            at += to - from;
        }

        void put(byte value) {
            target[at++] = value;
        }
    }
}
