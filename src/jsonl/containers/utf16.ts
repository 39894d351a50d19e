import { MarginError } from '../../base/pure/marginError';
import type { Utf16 } from './container';

const utf8 = new TextEncoder();

/** Turns a stream of UTF-16 into UTF-8. The byte order mark stays, as that of UTF-8. */
export class Utf16ToUtf8 {
  private readonly decoder: InstanceType<typeof TextDecoder>;
  private lines = 1;

  /** @param file names the file in errors */
  constructor(
    encoding: Utf16,
    private readonly file: string,
  ) {
    this.decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  }

  /** @throws MarginError `not-utf16` for half of a surrogate pair */
  push(chunk: Uint8Array): Uint8Array {
    return this.convert(() => this.decoder.decode(chunk, { stream: true }));
  }

  /** Call this after the last chunk. @throws MarginError `not-utf16` if the text ends inside a character */
  end(): Uint8Array {
    return this.convert(() => this.decoder.decode());
  }

  private convert(decode: () => string): Uint8Array {
    let text: string;
    try {
      text = decode();
    } catch {
      // The decoder says only that the text is invalid.
      const { file, lines: line } = this;
      const message = `${file} is not valid UTF-16 at line ${line} or after it: a character is cut in two. Save the file again as UTF-8.`;
      throw new MarginError('not-utf16', message, { file, line });
    }
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.lines++;
    return utf8.encode(text);
  }
}
