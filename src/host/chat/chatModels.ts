import type { Message } from '../../pairs/pair';
import type { StepChoice } from '../../protocol/chat';
import type {
  ChatFound,
  ChatModelFacts,
  ChatNews,
  ChatReward,
  ChatSettings,
  ChatSource,
} from '../../train/chat/messages';

/** A model that a person chose. */
export interface ChosenModel {
  readonly label: string;
  readonly detail: string;
  readonly source: ChatSource;
  /** The models of the same run; empty without one. */
  readonly steps: readonly StepChoice[];
}

/** What one of several answers is made from. */
export interface AskedAnswer {
  readonly source: ChatSource;
  readonly request: number;
  readonly messages: readonly Message[];
  readonly settings: ChatSettings;
}

/** The models of a chat, wherever they run. */
export interface ChatModels {
  /** @throws MarginError those of the source */
  open(source: ChatSource): Promise<ChatModelFacts>;
  /** @param news what happens before the answer is complete */
  generate(asked: AskedAnswer, news: (news: ChatNews) => void): Promise<ChatFound['generate']>;
  /** The implicit reward of a text as the answer. @throws MarginError `no-reference`, `answer-too-long` */
  score(source: ChatSource, messages: readonly Message[], text: string): Promise<ChatReward>;
  /** Ends an answer before its next token. */
  cancel(request: number): Promise<unknown>;
  /** Closes all models but these. */
  keep(sources: readonly ChatSource[]): Promise<unknown>;
  /** Closes all models at once, also while they open or answer. @param reason the error of what they were asked */
  close(reason?: unknown): void;
}
