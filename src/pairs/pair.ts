/** Who speaks a turn. Any string may stand in a file; the known ones are listed in {@link knownRoles}. */
export const knownRoles = ['system', 'user', 'assistant', 'tool'] as const;

/** One turn of a conversation, as in TRL's conversational datasets. */
export interface Message {
  readonly role: string;
  readonly content: string;
}

/**
 * How the text of a pair reaches a model.
 *
 * - `chat`: message lists, rendered with the model's chat template, which supplies the end of turn.
 * - `plain`: strings; each list holds one message whose content is the string, verbatim. EOS is appended when
 * tokenised.
 * - `transcript`: HH-RLHF's `\n\nHuman: … \n\nAssistant: …`, split into turns. Trained as `chat` where the model has a
 *   chat template, else as the transcript's own text with EOS.
 */
export type PairStyle = 'chat' | 'plain' | 'transcript';

/** The one in-memory form of a preference pair, whatever shape its line has in the file. */
export interface Pair {
  readonly style: PairStyle;
  readonly prompt: readonly Message[];
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
  /** JSON schemas of tools, handed to the chat template unchanged. */
  readonly tools?: readonly unknown[];
}

export type Side = 'prompt' | 'chosen' | 'rejected';
