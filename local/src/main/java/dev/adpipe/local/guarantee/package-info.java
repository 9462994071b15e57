/** The guarantee run: the whole pipeline as processes, faults from a seed, and a checker that shares no code with it. */
package dev.adpipe.local.guarantee;
