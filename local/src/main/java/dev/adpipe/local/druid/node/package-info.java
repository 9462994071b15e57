/**
 * What runs in Druid's own JVM. It uses the JDK and nothing else: Druid's jars are on class loaders of their own, apart from
 * adpipe's, and are reached by reflection.
 */
package dev.adpipe.local.druid.node;
