/**
 * The container: one thread that polls, hands records to its tasks, and commits outputs, state and offsets in one Kafka
 * transaction. It knows Kafka and nothing of ad events.
 */
package dev.adpipe.runtime;
