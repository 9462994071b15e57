/** The only code that sees Tranquility, and with it Druid's, Scala's and Jackson's versions of its days. */
package dev.adpipe.tranquility;
