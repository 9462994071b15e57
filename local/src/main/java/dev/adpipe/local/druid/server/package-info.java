/**
 * Druid: a real one in a JVM of its own for the demo and the tests, its jars fetched once and kept apart from adpipe's class
 * path.
 */
package dev.adpipe.local.druid.server;
