import type { Message } from '../../pairs/pair';

/**
 * The files of a line of rounds. A round drafts answers, lets somebody judge them, and trains on the pairs.
 *
 *     .margin/rounds/NAME/
 *       rounds.json             RoundsRecord, replaced atomically
 *       round-1/
 *         drafts.jsonl          one Draft per line, appended; a stopped drafting goes on where it was
 *         judgements.jsonl      one Judgement per line, appended; see decisions.ts for which of them count
 *         pairs.jsonl           the pairs of the chosen judge, as TRL reads them, replaced atomically
 *         held-out.jsonl        one Draft per line: answers of the trained policy to held-out prompts
 *       round-0/held-out.jsonl  those of the base
 */

/** Increases when a reader of the old version could misread the new file. A reader refuses a newer version. */
export const roundsVersion = 1;

/** How a draft ended: by itself, or at the most tokens. */
export const finishes = ['stop', 'length'] as const;
export type Finish = (typeof finishes)[number];

/** An answer of a policy that nobody has judged yet. */
export interface Draft {
  /** Identifies the content of the prompt, see `promptKey`. */
  readonly prompt_key: string;
  /** Index of the prompt's row in its file, from 0; null for a typed prompt. */
  readonly row: number | null;
  readonly prompt: readonly Message[];
  /** Which of the prompt's drafts it is, from 0. */
  readonly draft: number;
  readonly text: string;
  readonly tokens: number;
  readonly finish: Finish;
  /** The seed of this draft: with it the draft can be made again alone. Null: its model takes none. */
  readonly seed: number | null;
  /** 0: always the most likely token. */
  readonly temperature: number;
  readonly top_p: number;
  /** The folder of the model or of the run, or the name of an endpoint's model. */
  readonly model: string;
  /** Such as `step-000050`; null without a run. */
  readonly checkpoint: string | null;
  /** β·(log π − log π_ref) against the base of the rounds, in nats times β; null if the policy is the base. */
  readonly reward: number | null;
  /** The first draft with the same text; null if there is none before. */
  readonly duplicate_of: number | null;
}

/** `withdrawn`: the judge has taken back its verdict on the prompt. */
export const roundVerdicts = ['ranked', 'tie', 'all-bad', 'skipped', 'withdrawn'] as const;
export type RoundVerdict = (typeof roundVerdicts)[number];

/** What a judge said about the drafts of a prompt. */
export interface Judgement {
  readonly prompt_key: string;
  /** `person`, `reward`, or the id of a model. */
  readonly judge: string;
  /** Who the person is, or what the reward is; null if unknown. */
  readonly by: string | null;
  readonly verdict: RoundVerdict;
  /** Null unless the verdict is `ranked`. */
  readonly best: number | null;
  readonly worst: number | null;
  /** The drafts in the order in which the judge saw them. */
  readonly order: readonly number[];
  /** A text that replaces that of a draft. */
  readonly edited: { readonly draft: number; readonly text: string } | null;
  readonly reason: string | null;
  /** ISO time. */
  readonly at: string;
}

export const promptChoices = ['random', 'active'] as const;
export type PromptChoice = (typeof promptChoices)[number];

/** The `model` of a policy that is a language model of VS Code. */
export const editorModelPolicy = 'vscode-lm';

/** The model that drafts. */
export interface RoundPolicy {
  /** The folder of a model or of a run, the address of an endpoint, or {@link editorModelPolicy}. */
  readonly model: string;
  /** Such as `step-000050`, in a run; the name of the model, at an endpoint or in VS Code; null for a folder. */
  readonly checkpoint: string | null;
}

/** Which prompts a round drafts for. */
export interface RoundPrompts {
  /** Null for typed prompts. */
  readonly file: string | null;
  /** A query as in `margin query`; null for all rows. */
  readonly filter: string | null;
  /** The number of prompts; null: all. */
  readonly count: number | null;
  readonly seed: number;
  readonly choice: PromptChoice;
}

export interface DraftSettings {
  /** Drafts for each prompt. */
  readonly k: number;
  readonly temperature: number;
  readonly top_p: number;
  readonly max_new_tokens: number;
  readonly seed: number;
}

/** A share with its 95 % interval by Wilson. */
export interface MeasuredShare {
  readonly low: number;
  readonly high: number;
}

/** How often a policy prefers the chosen answer of held-out pairs, by mean log-prob per token. */
export interface HeldOutMeasure extends MeasuredShare {
  readonly accuracy: number;
  readonly pairs: number;
}

/** How often a policy's answers to held-out prompts win. A tie counts half. */
export interface WinRate extends MeasuredShare {
  readonly rate: number;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** As in {@link Judgement}, with what it is. */
  readonly judge: string;
}

/** The loss of the language model on plain text, in nats per token. */
export interface GuardMeasure {
  readonly before: number;
  readonly after: number;
}

export interface RoundMeasures {
  /** Null without held-out pairs. */
  readonly heldOut: HeldOutMeasure | null;
  /** Against the policy before; null for the base, and without a judge that answers by itself. */
  readonly winRate: WinRate | null;
  /** Against the base; null as `winRate`. */
  readonly winRateBase: WinRate | null;
  /** Null without `guard_file`. */
  readonly guard: GuardMeasure | null;
}

export const roundReferences = ['base', 'previous'] as const;
export type RoundReference = (typeof roundReferences)[number];

export interface RoundRecord {
  /** From 1. */
  readonly round: number;
  readonly policy: RoundPolicy;
  /** What the run of this round is compared with while it trains: the base, or the policy that drafted. */
  readonly reference: RoundReference;
  readonly prompts: RoundPrompts;
  readonly drafts: DraftSettings;
  /** The share of the trained pairs that comes from `mix_file` and earlier rounds, from 0. */
  readonly mix: number;
  /** The folder of the round's run; null before it trains. */
  readonly run: string | null;
  /** Whose judgements the pairs are; null before it trains. */
  readonly judge: string | null;
  /** Null before they are measured. */
  readonly measures: RoundMeasures | null;
}

/** rounds.json */
export interface RoundsRecord {
  readonly version: number;
  readonly name: string;
  /** The folder of the model from which the first round starts. */
  readonly base: string;
  /** Pairs that no round trains on; null: there are none. */
  readonly held_out: string | null;
  readonly guard_file: string | null;
  /** The measures of the base; null before they are measured. */
  readonly base_measures: RoundMeasures | null;
  /** In order, from round 1. */
  readonly rounds: readonly RoundRecord[];
}
