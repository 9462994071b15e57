/** {@code adpipe monitor}: pipelines watched from outside their jobs, as metrics and as a web page. */
package dev.adpipe.local.monitor;
