/** The roles that chat templates know. A file may have any other text as a role; the checks warn of it. */
export const knownRoles = ['system', 'user', 'assistant', 'tool'] as const;

/** One turn of a conversation, as in TRL's conversational datasets (TRL, "Dataset formats and types"). */
export interface Message {
  readonly role: string;
  readonly content: string;
}

/**
 * How the text of a pair becomes tokens.
 *
 * - `chat`: lists of messages. The model's chat template renders them and adds the end of each turn.
 * - `plain`: texts. Each list has one message with the unchanged text. The tokeniser appends EOS to the answers.
 * - `transcript`: HH-RLHF's `\n\nHuman: … \n\nAssistant: …`, split into turns. A model with a chat template is trained
 * on
 *   them as `chat`; any other on the text of the transcript with EOS.
 */
export type PairStyle = 'chat' | 'plain' | 'transcript';

/** A preference pair in memory. Every format of a line in a file becomes this one form. */
export interface Pair {
  readonly style: PairStyle;
  readonly prompt: readonly Message[];
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
  /** JSON schemas of tools; the chat template gets them unchanged. */
  readonly tools?: readonly unknown[];
  /**
   * Multiplies the pair's loss; 1 if left out. It is the row's `weight`, or else how strongly the better answer is
   * preferred, by the rule of the row's format.
   */
  readonly weight?: number;
  /** True if neither answer is better: they are equal, and `chosen` is one of them. Left out means false. */
  readonly tie?: boolean;
}

/** A list of turns of a pair. */
export type Side = 'prompt' | 'chosen' | 'rejected';
