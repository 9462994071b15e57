/**
 * The first stage: finds key, id and time in raw records and writes them, payload untouched, under their join key. One
 * record's way: {@link dev.adpipe.shuffle.ShuffleTask#process}, {@code RawTopic} (which streams want it), {@code
 * EventRoute} (what its key, id and time are).
 */
package dev.adpipe.shuffle;
