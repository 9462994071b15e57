package dev.adpipe.local.demo;

/**
 * One record for a raw topic.
 *
 * @param stream whose topic it goes to
 * @param value  null for a record without value; not copied
 * @param fate   what must become of it, and of each event if it is split
 * @param events how many it counts as: elements if it is split, 1 if it is refused as a whole
 */
public record RawRecord(String stream, byte[] value, Fate fate, int events) {}
