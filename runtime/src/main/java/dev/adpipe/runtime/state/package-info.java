/**
 * A task's state: keys that live and die as a whole, every change of them a record in the changelog. The only package
 * that sees RocksDB.
 */
package dev.adpipe.runtime.state;
