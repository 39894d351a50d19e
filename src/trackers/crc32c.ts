import { at } from '../base/pure/must';

/** The Castagnoli polynomial with its bits reversed (RFC 3720, appendix B.4). */
const polynomial = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
  return rest;
});

/** CRC-32C of bytes, as an unsigned number. `zlib.crc32` has another polynomial. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = at(table, (crc ^ byte) & 0xff) ^ (crc >>> 8);
  return ~crc >>> 0;
}
