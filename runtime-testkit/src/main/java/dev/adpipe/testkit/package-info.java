/** What tests of jobs are written with: a driver for one task without a broker, and Kafka in the JVM. */
package dev.adpipe.testkit;
