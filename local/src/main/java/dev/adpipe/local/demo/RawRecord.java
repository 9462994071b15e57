package dev.adpipe.local.demo;

/**
 * One record for a raw topic.
 *
 * @param click whether it goes to the clicks, otherwise to the impressions
 * @param value null for a record without value
 * @param fate  what must become of it
 */
record RawRecord(boolean click, byte[] value, Fate fate) {}
