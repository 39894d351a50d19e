/**
 * The line ends in a part of a file. Another thread finds them, which does not know what comes before the part. Offsets
 * count from the start of the file.
 */
export interface LinePart {
  /** Offset of the first byte: the start of a block of `BlockSums`, and after a byte order mark. */
  readonly start: number;
  /** Bytes in the part; fewer than were asked for at the end of the file. */
  readonly bytes: number;
  /** After each line end, its offset. */
  readonly ends: Float64Array<ArrayBuffer>;
  /** One bit a line end, the lowest first: whether it is CR LF. Not known of an LF that is the first byte. */
  readonly crlf: Uint8Array<ArrayBuffer>;
  readonly crlfLines: number;
  /** -1 in an empty part. */
  readonly lastByte: number;
  /** The checksums of its blocks. */
  readonly sums: Uint32Array<ArrayBuffer>;
}
