import type { ChatAnswer, ChatColumn, ShownReward } from '../../src/protocol/chat';
import { counted, signed } from '../shared/format';

const tokens = (count: number): string => `${counted(count)} token${count === 1 ? '' : 's'}`;
const perSecond = (rate: number): string => `${rate >= 10 ? rate.toFixed(0) : rate.toFixed(1)} tokens/s`;

/** The texts of the chat. */
export const strings = {
  settings: 'Settings',
  settingsTitle: 'System prompt, temperature, seed and length',
  system: 'System prompt',
  systemHint: 'None',
  fields: { temperature: 'Temperature', topP: 'top_p', seed: 'Seed', maxNewTokens: 'Most tokens' },
  fieldTitles: {
    temperature: '0 always takes the most likely token; 0.7 to 1 varies the answers',
    topP: 'Samples from the most likely tokens with this total probability; 1: from all',
    seed: 'The seed of the next answers; all models get the same',
    maxNewTokens: 'The longest answer in tokens',
  },
  stopStrings: 'Stop at',
  stopHint: 'None',
  stopTitle: 'An answer ends before any of these texts: one a line; \\n stands for the end of a line',
  add: 'Add model',
  addTitle: 'Another model beside these',
  clear: 'New conversation',
  change: 'Other model…',
  changeTitle: (label: string): string => `Another model in place of ${label}`,
  remove: (label: string): string => `Remove ${label}`,
  step: (detail: string): string => `Model of ${detail}`,
  opening: 'Opening the model…',
  closed: 'Opens with the next prompt',
  stopOpening: 'Stop opening models: they open with the next prompt',
  noTemplate: 'no chat template',
  noTemplateTitle: 'The model has no chat template: it continues the text of the last turn',
  conversation: 'Conversation',
  empty: 'Write a prompt. All models above answer it.',
  prompt: 'Prompt',
  promptHint: 'Ask the models (Enter sends, Shift+Enter starts a line)',
  send: 'Send',
  stop: 'Stop',
  turn: (number: number): string => `Turn ${number}`,
  editPrompt: 'Edit and ask again',
  resend: 'Ask again',
  resendTitle: (after: number): string =>
    after === 0 ? '' : `Removes ${after === 1 ? 'the turn' : `the ${after} turns`} after it`,
  cancel: 'Cancel',
  again: 'Other seed',
  againTitle: (after: number): string =>
    `Answer again with the next seed (G)${after === 0 ? '' : `; removes ${after === 1 ? 'the turn' : `the ${after} turns`} after it`}`,
  greedy: 'At temperature 0 every seed gives the same answer: raise the temperature first.',
  edit: 'Edit',
  editTitle: 'Edit the answer (E); later turns and the pair take your text',
  editAnswer: (label: string): string => `Answer of ${label}, edited`,
  keep: 'Keep',
  original: 'Undo edit',
  edited: 'edited',
  chosen: 'Chosen',
  chosenTitle: 'The better answer (C)',
  rejected: 'Rejected',
  rejectedTitle: 'The worse answer (R)',
  save: 'Save as pair',
  saveTitle: 'Append the pair to a file of JSON Lines (S)',
  to: (file: string): string => `to ${file}`,
  otherFile: 'Other file…',
  undo: 'Undo',
  undoTitle: 'Take the last saved pair out of the file',
  saved: (file: string): string => `saved in ${file}`,
  markBoth: 'Mark a better and a worse answer to save them as a pair.',
  states: { opening: 'Opening the model…', answering: 'Answering…' },
  noAnswer: 'No answer yet.',
  blank: 'An empty answer.',
  ends: {
    stop: null,
    length: 'cut at the most tokens',
    cancelled: 'stopped',
  } satisfies Readonly<Record<NonNullable<ChatAnswer['finish']>, string | null>>,
  answerOf: (label: string, turn: number): string => `${label}, answer to turn ${turn}`,
  waiting: 'Asked all models.',
  failed: (label: string, problem: string): string => `${label}: ${problem}`,
};

/** What is known of an answer that has ended, in a line. */
export function facts({ tokens: count, rate, seed, finish }: ChatAnswer, isSampled: boolean): string {
  const end = finish && strings.ends[finish];
  const parts = [tokens(count), rate === null ? null : perSecond(rate), isSampled ? `seed ${seed}` : null, end];
  return parts.filter((part) => part !== null).join(' · ');
}

export const rewardText = ({ value }: ShownReward): string => `reward ${signed(value, 3)}`;

/** How a reward came about. */
export const rewardTitle = ({ beta, logp, refLogp, tokens: count, by }: ShownReward): string =>
  `${beta} · (${signed(logp, 2)} − ${signed(refLogp, 2)}): log-probs in nats of ${tokens(count)} under ${by} and under its reference, with the end of the turn`;

/** What a screen reader says when an answer has ended. */
export function spoken({ label }: ChatColumn, answer: ChatAnswer): string {
  if (answer.state === 'failed') return strings.failed(label, answer.problem ?? '');
  const end = answer.finish && strings.ends[answer.finish];
  return `${label} has answered: ${tokens(answer.tokens)}${end === null ? '' : `, ${end}`}.`;
}
