/**
 * The join: events of one join key meet in a task's state, and each is written with its ancestors as soon as they are
 * there. Event time only; the watermark comes with the data, so a replay takes the same decisions.
 */
package dev.adpipe.join;
