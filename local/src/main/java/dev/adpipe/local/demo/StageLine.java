package dev.adpipe.local.demo;

import dev.adpipe.runtime.Books;

/**
 * One stage at one moment, as the view shows it.
 *
 * @param recordsPerSecond consumed, since the last look
 * @param backlogRecords   not consumed yet
 * @param backlogSeconds   age of the oldest of them; 0 when there is none
 */
record StageLine(String stage, double recordsPerSecond, long backlogRecords, double backlogSeconds, Books books) {}
