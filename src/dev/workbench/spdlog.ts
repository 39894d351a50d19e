import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** In the order of spdlog's numbers. Any higher number turns logging off. */
const levels = ['trace', 'debug', 'info', 'warning', 'error'] as const;

/** The part of @vscode/spdlog's logger that VS Code calls. Each call writes its line before it returns. */
export class Logger {
  private level = levels.indexOf('info');
  private raw = false;
  private bytes: number;

  /** @param maxBytes when a line would make the file longer, the file replaces `FILE.1` and a new one begins */
  constructor(
    private readonly file: string,
    private readonly maxBytes: number,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    this.bytes = existsSync(file) ? statSync(file).size : 0;
  }

  trace(message: string): void {
    this.write('trace', message);
  }

  debug(message: string): void {
    this.write('debug', message);
  }

  info(message: string): void {
    this.write('info', message);
  }

  warn(message: string): void {
    this.write('warning', message);
  }

  error(message: string): void {
    this.write('error', message);
  }

  setLevel(level: number): void {
    this.level = level;
  }

  /** VS Code sets a single pattern, the one that `write` uses. */
  setPattern(): void {
    this.raw = false;
  }

  /** Writes messages without time, level and line end. */
  clearFormatters(): void {
    this.raw = true;
  }

  flush(): void {
    // Nothing is buffered.
  }

  drop(): void {
    // No file is open.
  }

  private write(level: (typeof levels)[number], message: string): void {
    if (levels.indexOf(level) < this.level) return;
    const text = this.raw ? message : `${localTime(new Date())} [${level}] ${message}\n`;
    const length = Buffer.byteLength(text);
    try {
      if (this.bytes > 0 && this.bytes + length > this.maxBytes) this.startOver();
      appendFileSync(this.file, text, { mode: 0o600 });
      this.bytes += length;
    } catch (error) {
      // Like spdlog: a failed write, for example on a full disk, does not end the program.
      process.stderr.write(`${this.file}: ${String(error)}\n`);
    }
  }

  private startOver(): void {
    renameSync(this.file, `${this.file}.1`);
    this.bytes = 0;
  }
}

export function setFlushOn(): void {
  // Nothing is buffered.
}

/** @param maxBytes of one file */
export async function createAsyncRotatingLogger(_name: string, file: string, maxBytes: number): Promise<Logger> {
  return new Logger(file, maxBytes);
}

/** `2026-03-01 09:30:00.125`, the form that VS Code's output view colours as a time. */
function localTime(at: Date): string {
  const minutes = at.getTimezoneOffset();
  return new Date(at.getTime() - minutes * 60_000).toISOString().replace('T', ' ').slice(0, -1);
}
