/**
 * Limits for the footer of a Parquet file, which is in Thrift's compact protocol
 * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md). A damaged one may claim lists of
 * any length inside lists of any depth, and a reader that believes it fills the memory.
 */

/** Most structs and lists around a value. Those of Parquet's format are less than 10 deep. */
const maxDepth = 32;
/** Most values, which take about 1 GB of memory. A column of a row group has about 25 of them. */
const maxValues = 1 << 23;
/** Most bytes of a whole number of 64 bits. */
const maxNumberBytes = 10;

const types = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
};

/**
 * Checks a struct before it is read: each list has as many items as it says, and depth and number of its values are
 * within the limits.
 *
 * @throws Error that says what is wrong
 */
export function checkThrift(bytes: Uint8Array): void {
  new Check(bytes).struct(0);
}

class Check {
  private at = 0;
  private values = 0;

  constructor(private readonly bytes: Uint8Array) {}

  struct(depth: number): void {
    if (depth > maxDepth) throw new Error(`it is nested more than ${maxDepth} deep`);
    for (;;) {
      const byte = this.byte();
      const type = byte & 0x0f;
      if (type === types.stop) return;
      if (byte >> 4 === 0) this.number();
      this.value(type, depth);
    }
  }

  private value(type: number, depth: number): void {
    this.values++;
    if (this.values > maxValues) throw new Error(`it has more than ${maxValues} values`);
    switch (type) {
      case types.true:
      case types.false:
        return;
      case types.byte:
        return this.skip(1);
      case types.i16:
      case types.i32:
      case types.i64:
        return void this.number();
      case types.double:
        return this.skip(8);
      case types.binary:
        return this.skip(this.number());
      case types.list:
        return this.list(depth + 1);
      case types.struct:
        return this.struct(depth + 1);
      default:
        throw new Error(`it has a value of the unknown type ${type}`);
    }
  }

  private list(depth: number): void {
    if (depth > maxDepth) throw new Error(`it is nested more than ${maxDepth} deep`);
    const byte = this.byte();
    const items = byte >> 4 === 15 ? this.number() : byte >> 4;
    // Each item takes a byte at least.
    if (items > this.bytes.length - this.at) throw new Error(`a list says that it has ${items} items`);
    const type = byte & 0x0f;
    const isFlag = type === types.true || type === types.false;
    for (let i = 0; i < items; i++) this.value(isFlag ? types.byte : type, depth);
  }

  /** A whole number without its sign, in 7 bits a byte. */
  private number(): number {
    let value = 0;
    for (let i = 0; i < maxNumberBytes; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new Error(`a number has more than ${maxNumberBytes} bytes`);
  }

  private byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new Error('it ends early');
    this.at++;
    return byte;
  }

  private skip(count: number): void {
    if (count > this.bytes.length - this.at) throw new Error('it ends early');
    this.at += count;
  }
}
