/**
 * What a plugin that pushes rows and its host have in common. Both see these very classes, so they name nothing but the
 * JDK: every library of the plugin is its own.
 */
package dev.adpipe.output.push;
