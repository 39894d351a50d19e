/**
 * Encodes messages in the wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding/), as far
 * as ONNX needs it: varints, floats, strings, bytes and nested messages. Each method appends one field and returns the
 * writer.
 */
export class ProtoWriter {
  private buffer = new Uint8Array(64);
  private length = 0;

  /** @param value a negative number takes ten bytes, its 64-bit two's complement */
  varint(field: number, value: number | bigint): this {
    this.key(field, 0);
    if (typeof value === 'number' && value >= 0) this.raw(value);
    else this.raw64(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.key(field, 5);
    this.append(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.key(field, 2);
    this.raw(value.length);
    this.append(value);
    return this;
  }

  string(field: number, value: string): this {
    if (!isAscii.test(value)) return this.bytes(field, utf8(value));
    this.key(field, 2);
    this.raw(value.length);
    this.reserve(value.length);
    for (let i = 0; i < value.length; i++) this.buffer[this.length++] = value.charCodeAt(i);
    return this;
  }

  message(field: number, value: ProtoWriter): this {
    return this.bytes(field, value.written());
  }

  finish(): Uint8Array {
    return this.written().slice();
  }

  private written(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private key(field: number, wireType: number): void {
    this.raw(field * 8 + wireType);
  }

  private raw(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.byte((rest % 128) + 128);
    this.byte(rest);
  }

  private raw64(value: bigint): void {
    let rest = value;
    for (; rest > 127n; rest >>= 7n) this.byte(Number(rest & 127n) + 128);
    this.byte(Number(rest));
  }

  private byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  private append(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const larger = new Uint8Array(2 * (this.length + more));
    larger.set(this.written());
    this.buffer = larger;
  }
}

/** Such text is its own UTF-8. */
const isAscii = /^[\0-\x7f]*$/;

/** UTF-8, from percent-encoding, because pure code has no TextEncoder. */
function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text);
  const bytes = new Uint8Array(escaped.length);
  let length = 0;
  for (let i = 0; i < escaped.length; i++) {
    const isByte = escaped[i] === '%';
    bytes[length++] = isByte ? Number.parseInt(escaped.slice(i + 1, i + 3), 16) : escaped.charCodeAt(i);
    if (isByte) i += 2;
  }
  return bytes.subarray(0, length);
}
