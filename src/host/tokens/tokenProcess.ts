import { type ChildProcess, spawn } from 'node:child_process';
import { MarginError } from '../../base/pure/marginError';
import type { RowTokens } from '../../pairs/tokens/rowTokens';
import type { TokenRow } from '../../pairs/tokens/tokenRow';
import type { TrainConfig } from '../../run/types';
import type { TokenFound, TokenQuestion, TokenReply, TokenRequest } from '../../train/tokens/messages';

/** A process without questions ends after this time, because a tokenizer takes a few hundred megabytes. */
const idleMs = 120_000;

interface Waiting {
  readonly resolve: (found: TokenFound) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The process that tokenises rows, so that no template and no tokenizer of a model runs in the extension host. It
 * starts with the first question, and again if it died.
 */
export class TokenProcess {
  private child: ChildProcess | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private idle: NodeJS.Timeout | null = null;

  /** @param script the bundle that the process runs */
  constructor(private readonly script: string) {}

  /** @returns null for a blank line @throws MarginError those of the trainer's model and template, `tokens-died` */
  async row(config: TrainConfig, text: string, pair: number): Promise<TokenRow | null> {
    return (await this.ask({ config, kind: 'row', text, pair })) as TokenRow | null;
  }

  /** How the trainer takes each of some rows. @throws MarginError as {@link row} */
  async rows(config: TrainConfig, texts: readonly string[]): Promise<readonly RowTokens[]> {
    return (await this.ask({ config, kind: 'rows', texts })) as readonly RowTokens[];
  }

  close(): void {
    if (this.idle) clearTimeout(this.idle);
    this.child?.kill();
    this.child = null;
  }

  private ask(asked: TokenQuestion): Promise<TokenFound> {
    if (this.idle) clearTimeout(this.idle);
    this.idle = null;
    const child = (this.child ??= this.started());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      child.send({ id, asked } satisfies TokenRequest);
    });
  }

  private started(): ChildProcess {
    const child = spawn(process.execPath, [this.script], {
      // Inside VS Code, execPath is Electron. It runs a script like Node only if this is set.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      windowsHide: true,
    });
    child.on('message', (reply: TokenReply) => this.take(reply));
    const died = (reason: string): void => {
      if (this.child === child) this.child = null;
      const message = `The process that shows tokens ended (${reason}). Try again.`;
      for (const { reject } of this.waiting.values()) reject(new MarginError('tokens-died', message));
      this.waiting.clear();
    };
    child.on('error', ({ message }) => died(message));
    child.on('exit', (code, signal) => died(String(signal ?? code)));
    return child;
  }

  private take(reply: TokenReply): void {
    const one = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (this.waiting.size === 0) this.idle = setTimeout(() => this.close(), idleMs).unref();
    if ('found' in reply) one?.resolve(reply.found);
    else one?.reject(reply.code === null ? new Error(reply.message) : new MarginError(reply.code, reply.message));
  }
}
