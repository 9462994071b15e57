/** Other processes of this machine, and the ports they listen on. */
package dev.adpipe.local.process;
