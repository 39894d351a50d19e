import { at } from './must';

/** The remainder of each byte, for the reversed polynomial of CRC-32 (RFC 1952, section 8). */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  return sum;
});

/** CRC-32 as `node:zlib` computes it, for where no Node is. @param start the checksum of the bytes before these */
export function crc32(bytes: Uint8Array, start = 0): number {
  let sum = ~start >>> 0;
  for (const byte of bytes) sum = at(table, (sum ^ byte) & 0xff) ^ (sum >>> 8);
  return ~sum >>> 0;
}
