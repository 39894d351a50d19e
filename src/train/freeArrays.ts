/** What Node 22 and later, and VS Code's Electron, have; the types are those of Node 20. */
interface Transferable extends ArrayBuffer {
  transfer?(newByteLength: number): ArrayBuffer;
}

/**
 * Frees arrays that nobody reads any more; their length is 0 then. Otherwise V8 would keep the gradients of many steps:
 * it collects memory outside its heap only when tens of MB have come together, and often later. Does nothing where an
 * array is a part of a larger buffer, or where the system's Node cannot detach a buffer; V8 frees those.
 */
export function freeArrays(arrays: Iterable<Float32Array>): void {
  for (const { buffer, byteLength } of arrays) {
    if (!(buffer instanceof ArrayBuffer) || byteLength === 0 || buffer.byteLength !== byteLength) continue;
    (buffer as Transferable).transfer?.(0);
  }
}
