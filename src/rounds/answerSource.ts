import type { Message } from '../pairs/pair';
import type { Finish } from '../run/rounds/types';

/** An answer that is asked for. */
export interface AskedAnswer {
  readonly prompt: readonly Message[];
  readonly seed: number;
}

export interface GivenAnswer {
  readonly text: string;
  readonly tokens: number;
  readonly finish: Finish;
}

/** How answers are drawn, with the names of GenerationConfig in `transformers`. */
export interface AnswerSettings {
  /** 0: always the most likely token. */
  readonly temperature: number;
  readonly top_p: number;
  readonly max_new_tokens: number;
}

/** Whatever answers prompts: a model on this machine, or an endpoint. */
export interface AnswerSource {
  /** False: it takes no seed, so another run gives other answers. */
  readonly isSeeded: boolean;
  /**
   * Answers several prompts at once; equal prompts follow one another.
   *
   * @throws MarginError `interrupted` if the signal aborts before all are complete; `no-chat-template`; those of the
   *   model or endpoint
   */
  answer(asked: readonly AskedAnswer[], settings: AnswerSettings, signal: AbortSignal): Promise<readonly GivenAnswer[]>;
}

/** An answer whose value is asked for. */
export interface Answered {
  readonly prompt: readonly Message[];
  readonly text: string;
}

/** What a model thinks of an answer. */
export interface AnswerValue {
  /** β·(log π − log π_ref), in nats times β; null without a reference, and if the answer is too long to be read. */
  readonly reward: number | null;
  /** The mean log-prob of a token, in nats; null if the answer is too long to be read. */
  readonly meanLogp: number | null;
}

/** Values answers; see {@link AnswerValue}. */
export type AnswerValuer = (answers: readonly Answered[]) => Promise<readonly AnswerValue[]>;

/** The error of work that a signal has ended. `kept` says what remains. */
export const stopped = 'Stopped. What is complete is kept: run the same command again to continue.';
