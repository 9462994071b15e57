/**
 * Druid's side of {@code sink { type = druid-kafka }}: the supervisor's specification, made of the pipeline definition, and
 * the overlord that it is sent to.
 */
package dev.adpipe.local.supervisor;
