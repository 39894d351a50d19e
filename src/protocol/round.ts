import type { Progress } from '../pairs/marks/pace';
import type { Message } from '../pairs/pair';
import type { JudgeFigures } from '../pairs/rounds/judgeFigures';

/** What a key of the queue does. `best` and `worst` name a draft by its place. */
export const roundActions = [
  'best',
  'worst',
  'tie',
  'allBad',
  'edit',
  'skip',
  'undo',
  'more',
  'next',
  'previous',
  'rewards',
] as const;
export type RoundAction = (typeof roundActions)[number];

/** Drafts of a prompt that have keys: 1 to 9. */
export const mostDrafts = 9;

/** What the person has said of a prompt. `skipped` is no decision. */
export type PromptVerdict = 'ranked' | 'tie' | 'all-bad' | 'skipped';

/** A draft without a name: nothing here says how the model ranks it until the prompt is judged. */
export interface ShownDraft {
  readonly text: string;
  readonly tokens: number;
  /** Whether the longest answer ended it. */
  readonly isCut: boolean;
  readonly mark: 'best' | 'worst' | 'both' | null;
  /** What the person made of its text; null if it is as drafted. */
  readonly edited: string | null;
  /** The implicit reward; null until the prompt is judged, while rewards are hidden, and if it is not known. */
  readonly reward: number | null;
}

export interface ShownPrompt {
  readonly key: string;
  readonly messages: readonly Message[];
  /** In the order that the seed gives. */
  readonly drafts: readonly ShownDraft[];
  readonly verdict: PromptVerdict | null;
}

/** The queue of prompts, as the person goes through it. */
export interface QueueState {
  /** Null at the end of the queue. */
  readonly prompt: ShownPrompt | null;
  /** The place of the prompt, from 1; 0 at the end. */
  readonly place: number;
  readonly progress: Progress;
  readonly skipped: number;
  /** Prompts with fewer than two drafts that differ. They are not in the queue. */
  readonly leftOut: number;
  /** Pairs that the person's judgements give. */
  readonly pairs: number;
  /** The name of the last step, which can be undone; null if there is none. */
  readonly undo: string | null;
  readonly showsRewards: boolean;
  /** What is missing for a decision, in a sentence; empty if nothing is. */
  readonly hint: string;
}

/** How far the steps of a round are. */
export interface RoundSteps {
  /** Drafts that exist. */
  readonly drafts: number;
  /** Drafts that were asked for; null where all prompts of the file were. */
  readonly wanted: number | null;
  readonly prompts: number;
  readonly duplicates: number;
  /** The run; null before it is trained. */
  readonly run: { readonly folder: string; readonly name: string; readonly status: string } | null;
  readonly measured: boolean;
}

export interface Measured {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** A round on the line of rounds; 0 is the base. Null: not measured. */
export interface RoundPoint {
  readonly round: number;
  readonly pairs: number | null;
  readonly heldOut: (Measured & { readonly pairs: number }) | null;
  /** Against the policy of the round before, and who judged it. */
  readonly winRate: (Measured & { readonly judge: string; readonly games: number }) | null;
  /**
   * The loss on plain text in nats per token, and the mean probability of its tokens beside that under the base: 1 is
   * as before, less is worse.
   */
  readonly guard: { readonly loss: number; readonly kept: number } | null;
}

export interface RoundState {
  /** The name of the rounds, and their folder, which the view remembers. */
  readonly name: string;
  readonly folder: string;
  readonly round: number;
  readonly rounds: readonly number[];
  readonly policy: string;
  readonly reference: string;
  /** Drafts for a prompt, the seed, and how prompts were chosen. */
  readonly k: number;
  readonly seed: number;
  readonly choice: 'random' | 'active';
  readonly steps: RoundSteps;
  readonly line: readonly RoundPoint[];
  readonly judges: readonly JudgeFigures[];
  readonly queue: QueueState;
  /** What a process is doing for these rounds, in words; null if none does anything. */
  readonly busy: string | null;
  /** Lines of the round's files that hold nothing readable, in a sentence; empty if all are whole. */
  readonly damaged: string;
  /** Whether the workspace is trusted: models may run, and judgements are written. */
  readonly isTrusted: boolean;
}

/** The host's side. */
export type RoundHost = {
  requests: {
    hello: { params: null; result: RoundState };
    /** @param place of the draft, from 1; null for actions of the whole prompt */
    act: { params: { readonly action: RoundAction; readonly place: number | null }; result: null };
    /** The text of a field that was closed. */
    edited: { params: { readonly key: string; readonly place: number; readonly text: string }; result: null };
    show: { params: { readonly round: number }; result: null };
    train: { params: null; result: null };
    judge: { params: null; result: null };
    /** Adds the judged pairs to a data set. */
    append: { params: null; result: null };
    next: { params: null; result: null };
    openRun: { params: null; result: null };
  };
  events: {
    changed: RoundState;
    /** Opens the field of a draft, by its place from 1. */
    edit: { readonly place: number };
  };
};

export type RoundView = { requests: Record<never, never>; events: Record<never, never> };
