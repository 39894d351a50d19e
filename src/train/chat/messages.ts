import type { Message } from '../../pairs/pair';

/** A model that one can talk to. */
export type ChatSource =
  /** A model folder, a .gguf file, or an adapter's folder. `adapter`: a PEFT adapter on top; null: none. */
  | { readonly kind: 'model'; readonly path: string; readonly adapter: string | null }
  /**
   * A run at a checkpoint; `step` null: the model that the run starts from. `stamp` changes with the checkpoint, so
   * that a resumed run is opened again.
   */
  | { readonly kind: 'run'; readonly folder: string; readonly step: number | null; readonly stamp: string };

/** How to answer, with the names of GenerationConfig in `transformers`. */
export interface ChatSettings {
  /** 0: always the most likely token. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly maxNewTokens: number;
  /** The answer ends before the first of these. */
  readonly stop: readonly string[];
}

/** What the program is asked. It opens a source with the first question about it, and keeps it open. */
export type ChatQuestion =
  | { readonly kind: 'open'; readonly source: ChatSource }
  | {
      readonly kind: 'generate';
      readonly source: ChatSource;
      /** Names the answer for `cancel`. */
      readonly request: number;
      readonly messages: readonly Message[];
      readonly settings: ChatSettings;
    }
  /** The implicit reward of any text as the answer to the messages. */
  | {
      readonly kind: 'score';
      readonly source: ChatSource;
      readonly messages: readonly Message[];
      readonly text: string;
    }
  | { readonly kind: 'cancel'; readonly request: number }
  /** Closes all models but these. */
  | { readonly kind: 'keep'; readonly sources: readonly ChatSource[] };

/** What the program says before it answers: what it does, or the next piece of an answer. */
export type ChatNews = { readonly now: 'opening' | 'answering' } | { readonly text: string };

/** What is known of an open model. */
export interface ChatModelFacts {
  /** Without a chat template, the model continues the text of the last turn. */
  readonly hasTemplate: boolean;
  /** The most tokens of a conversation. */
  readonly context: number;
  /** The factor of implicit rewards; null: the model has no reference. */
  readonly beta: number | null;
}

/** An answer that has ended. */
export interface ChatAnswer {
  readonly text: string;
  readonly tokens: number;
  readonly finish: 'stop' | 'length' | 'cancelled';
  /** Seconds until the first token. Both times leave out the work on other answers at the same time. */
  readonly firstSeconds: number;
  /** Seconds for all tokens. */
  readonly seconds: number;
}

/** The implicit reward of an answer, and what it was computed from, in nats. */
export interface ChatReward {
  readonly reward: number;
  readonly logp: number;
  readonly refLogp: number;
  readonly tokens: number;
}

/** The answers to the questions by their kinds. */
export interface ChatFound {
  readonly open: ChatModelFacts;
  readonly generate: ChatAnswer;
  readonly score: ChatReward;
  readonly cancel: null;
  readonly keep: null;
}
