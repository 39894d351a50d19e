import { type ChildProcess, spawn } from 'node:child_process';
import { MarginError } from '../base/pure/marginError';

/** A message of the program: news about a question, or its answer. `code` null: a defect. */
type Reply<Found, News> =
  | { readonly id: number; readonly news: News }
  | { readonly id: number; readonly found: Found }
  | { readonly id: number; readonly code: string | null; readonly message: string };

interface Waiting<Found, News> {
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
  readonly news: (news: News) => void;
}

/** A running process, with the questions that it has not answered yet. */
interface Running<Found, News> {
  readonly child: ChildProcess;
  readonly waiting: Map<number, Waiting<Found, News>>;
}

export interface ProcessOptions {
  /** The bundle that the process runs, and its arguments. */
  readonly argv: readonly string[];
  /** A process without questions ends after this time, because a model takes much memory. */
  readonly idleMs: number;
  /** The error of the questions of a process that ended by itself. */
  readonly died: (reason: string) => MarginError;
}

/**
 * A program that answers questions in its own process, so that no code of a model runs in the extension host. It starts
 * with the first question, and again if it died.
 */
export class AnsweringProcess<Question, Found, News = string> {
  private running: Running<Found, News> | null = null;
  private nextId = 0;
  private idle: NodeJS.Timeout | null = null;

  constructor(private readonly options: ProcessOptions) {}

  /**
   * @param news gets what the program says before it answers
   * @throws MarginError those of the program, that of a process that died
   */
  ask(asked: Question, news: (news: News) => void = () => undefined): Promise<Found> {
    this.stopIdle();
    const { child, waiting } = (this.running ??= this.started());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, news });
      child.send({ id, asked });
    });
  }

  /** Ends the process. @param reason the error of questions without an answer */
  close(reason: unknown = this.options.died('closed')): void {
    this.stopIdle();
    const { running } = this;
    this.running = null;
    running?.child.kill();
    if (running) refuse(running, reason);
  }

  private stopIdle(): void {
    if (this.idle) clearTimeout(this.idle);
    this.idle = null;
  }

  private started(): Running<Found, News> {
    const { argv, died } = this.options;
    const child = spawn(process.execPath, [...argv], {
      // Inside VS Code, execPath is Electron. It runs a script like Node only if this is set.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      windowsHide: true,
    });
    const running: Running<Found, News> = { child, waiting: new Map() };
    child.on('message', (reply: Reply<Found, News>) => this.take(running, reply));
    const ended = (reason: string): void => {
      if (this.running === running) this.running = null;
      refuse(running, died(reason));
    };
    child.on('error', ({ message }) => ended(message));
    child.on('exit', (code, signal) => ended(String(signal ?? code)));
    return running;
  }

  private take(running: Running<Found, News>, reply: Reply<Found, News>): void {
    const { waiting } = running;
    const one = waiting.get(reply.id);
    if ('news' in reply) return one?.news(reply.news);
    waiting.delete(reply.id);
    if (waiting.size === 0 && this.running === running)
      this.idle = setTimeout(() => this.close(), this.options.idleMs).unref();
    if ('found' in reply) one?.resolve(reply.found);
    else one?.reject(reply.code === null ? new Error(reply.message) : new MarginError(reply.code, reply.message));
  }
}

function refuse<Found, News>({ waiting }: Running<Found, News>, reason: unknown): void {
  for (const { reject } of waiting.values()) reject(reason);
  waiting.clear();
}
