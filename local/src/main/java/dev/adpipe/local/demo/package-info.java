/**
 * {@code adpipe demo}: a generator whose events have a known fate, the three jobs, a live view, and at the end the books
 * of every stage against what the generator knows.
 */
package dev.adpipe.local.demo;
