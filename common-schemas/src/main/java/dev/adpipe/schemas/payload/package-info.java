/**
 * Reading raw payloads. {@link dev.adpipe.schemas.payload.PayloadReader} finds a few fields of a raw record, as shuffle
 * needs it; {@link dev.adpipe.schemas.payload.PayloadDecoder} reads all of a payload that travels in an envelope, as
 * output needs it. Both see the same values under the same paths, whatever the format:
 *
 * <ul>
 *   <li>JSON: text, booleans; whole numbers as {@code Long}, all others as {@code BigDecimal}, as written. The last of
 *       several fields of one name counts.
 *   <li>Avro: {@code int} and {@code long} as {@code Long}; {@code float} and {@code double} as {@code Double}, a float by
 *       its shortest decimal; enums as text; bytes and fixed as lower-case hex, unless they are a {@code decimal} ({@code
 *       BigDecimal}) or a {@code uuid} (text); dates as ISO text; times of day and timestamps as the numbers they are.
 *       Unions are transparent to paths, maps are read like records.
 * </ul>
 */
package dev.adpipe.schemas.payload;
