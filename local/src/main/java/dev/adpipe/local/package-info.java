/**
 * The command {@code adpipe}: what a person does with pipelines from a terminal. Each command is a class of its own that
 * reads its options and calls one that does the work; those know nothing of the command line.
 */
package dev.adpipe.local;
