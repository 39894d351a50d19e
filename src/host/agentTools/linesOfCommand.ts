import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';

/**
 * What a command prints, line by line. It throws only at its end, because nobody catches an error of a stream’s event.
 */
export class LinesOfCommand {
  private last = '';
  private wrong: unknown = null;
  private readonly objects: unknown[] = [];

  constructor(private readonly onLine: (line: string) => void) {}

  readonly out = (line: string): void => {
    this.last = line;
    try {
      this.onLine(line);
    } catch (error) {
      // A command that fails ends with a half line, and then its own message counts.
      this.wrong ??= error;
    }
  };

  readonly err = (line: string): void => {
    const value = parsed(line);
    if (value !== null) this.objects.push(value);
  };

  /**
   * @returns the objects that stand in stderr
   * @throws MarginError `tool-failed` with the message of the command, if it failed
   */
  end(code: number | null, stderr: string): readonly unknown[] {
    if (code !== 0) {
      const error = parsed(this.last)?.['error'];
      const message = isRecord(error) ? error['message'] : null;
      throw new MarginError('tool-failed', typeof message === 'string' ? message : stderr, { code });
    }
    if (this.wrong !== null) throw this.wrong instanceof Error ? this.wrong : new Error(String(this.wrong));
    return this.objects;
  }
}

/** The object of a line of JSON; null for any other line. */
function parsed(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    // Progress and warnings for people stand there too.
    return null;
  }
}
