package dev.adpipe.testkit;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record that a task could not use, committed to the dead letters. */
public record DeadLetter(ConsumerRecord<byte[], byte[]> record, String reason, String explanation) {}
