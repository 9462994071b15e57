/**
 * The output stage: the one place that reads payloads. It cleans values, looks names up, splits dimensions from metrics
 * and hands flat rows to the sink.
 *
 * <p>One record's way: {@link OutputTask} decodes the joined event, {@code RowMaker} asks one {@code FieldReader} per
 * dimension and metric, the {@link RowTransform} may change the row, {@code RowJson} writes it, the {@code Sink} takes it.
 */
package dev.adpipe.output;
