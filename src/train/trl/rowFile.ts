import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { fileError } from '../../base/node/fileError';
import { writeAllSync } from '../../base/node/writeAll';
import { MarginError } from '../../base/pure/marginError';
import { explicitConversational } from '../../pairs/formats/explicitConversational';
import { trl } from '../../pairs/convert/trl';
import type { JsonObject } from '../../pairs/json';
import type { KeptRow } from '../../reward/rowCollector';

/** Bytes that are collected before a write. */
const chunkBytes = 1 << 18;

/**
 * Writes rows for TRL, one JSON object per line: explicit prompt, and texts as lists of messages if the row is a chat.
 * A judged answer becomes prompt, completion and label.
 */
export class RowFile {
  private readonly hash = createHash('sha256');
  private readonly descriptor: number;
  private waiting = '';
  private count = 0;
  private isChat: boolean | null = null;

  /**
   * @param path the file that is written
   * @param source the file that the rows come from, for messages
   * @param hasTemplate whether the tokenizer has a chat template; transcripts are chats then
   * @throws MarginError those of {@link fileError}
   */
  constructor(
    private readonly path: string,
    private readonly source: string,
    private readonly hasTemplate: boolean,
  ) {
    this.descriptor = this.writing(() => openSync(path, 'w'));
  }

  get rows(): number {
    return this.count;
  }

  /**
   * @throws MarginError `trl-rows` if TRL cannot read the row, or not together with the rows before; those of
   *   {@link fileError}
   */
  add({ line, source, desirable }: KeptRow): void {
    const style = source.style === 'transcript' && this.hasTemplate ? 'chat' : null;
    const { rows } = trl.write(
      { kind: 'pair', pair: source, format: explicitConversational, value: {} },
      { prompt: 'explicit', style },
    );
    const [row] = rows;
    if (row === undefined)
      throw this.refusal(line, 'has no prompt, which TRL needs in a chat: remove the row, or use backend: margin');
    const chat = Array.isArray(row['prompt']);
    if (this.isChat !== null && this.isChat !== chat)
      throw this.refusal(
        line,
        'is a chat and rows before it are plain texts, or the other way round; TRL needs one kind',
      );
    this.isChat = chat;
    this.write(desirable === undefined ? row : judged(row, desirable));
  }

  /**
   * @returns the SHA-256 of the file, in hex
   * @throws MarginError those of {@link fileError}
   */
  close(): string {
    this.flush();
    this.writing(() => closeSync(this.descriptor));
    return this.hash.digest('hex');
  }

  private write(row: JsonObject): void {
    this.waiting += `${JSON.stringify(row)}\n`;
    this.count++;
    if (this.waiting.length > chunkBytes) this.flush();
  }

  private flush(): void {
    const bytes = Buffer.from(this.waiting);
    this.hash.update(bytes);
    this.writing(() => writeAllSync(this.descriptor, bytes));
    this.waiting = '';
  }

  private writing<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
  }

  private refusal(line: number, what: string): MarginError {
    return new MarginError('trl-rows', `${this.source}:${line}: the row ${what}.`, { file: this.source, line });
  }
}

function judged({ chosen, rejected, ...row }: JsonObject, label: boolean): JsonObject {
  return { ...row, completion: label ? chosen : rejected, label };
}
