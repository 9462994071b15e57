/** How many containers a stage should have: measured from outside the jobs, advised, and explained. */
package dev.adpipe.local.scaling;
