import type { Progress } from '../../src/pairs/marks/pace';
import type { JudgeFigures } from '../../src/pairs/rounds/judgeFigures';
import type { PromptVerdict, QueueState, RoundSteps } from '../../src/protocol/round';
import { counted, duration, signed } from '../shared/format';

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const many = (count: number, one: string, more: string): string =>
  count === 1 ? `1 ${one}` : `${counted(count)} ${more}`;

export const strings = {
  round: (round: number): string => `Round ${round}`,
  chooseRound: 'Round',
  models: (policy: string, reference: string): string => `policy: ${policy} → reference: ${reference}`,
  answers: (k: number): string => `${k} answers a prompt`,
  rewards: (shown: boolean): string => (shown ? 'Rewards shown' : 'Rewards hidden'),
  rewardsTitle: 'Whether the implicit reward of each draft is shown once its prompt is judged (R)',
  judge: 'Judge with…',
  judgeTitle: 'Lets a reward or a model judge the drafts, to compare it with you',
  append: 'Append pairs…',
  appendTitle: 'Adds the judged pairs to a data set, as one step that Undo takes back',
  next: 'Next round…',
  rest: 'Go on drafting',
  restTitle: 'Drafts the answers that are still missing, with the same settings',
  train: (round: number, pairs: number): string =>
    `Train round ${round} · ${pairs === 0 ? 'no pairs yet' : many(pairs, 'new pair', 'new pairs')}`,
  steps: 'Steps',
  draft: ({ drafts, prompts }: RoundSteps): string =>
    drafts === 0
      ? 'Draft answers'
      : `Draft ${many(drafts, 'answer', 'answers')} to ${many(prompts, 'prompt', 'prompts')}`,
  drop: (count: number): string =>
    count === 0 ? 'Drop none: no two are the same' : `Drop ${counted(count)} that repeat another`,
  dropName: 'Drop answers that repeat another',
  judged: 'Judge',
  judgedOf: ({ done, total }: Progress): string => `${counted(done)} of ${counted(total)}`,
  leftOut: (count: number): string =>
    count === 1 ? '1 prompt has only one answer' : `${counted(count)} prompts have only one answer`,
  trained: 'Train',
  measured: 'Measure',
  stepStates: { done: 'done', now: 'in progress', open: 'not begun' },
  rounds: 'Rounds',
  base: 'base',
  series: { heldOut: 'held-out', winRate: 'win rate', guard: 'text' },
  trainedOn: (pairs: number): string => `Trained on ${many(pairs, 'pair', 'pairs')} of its own`,
  byRound: 'by round',
  notMeasured: 'Nothing is measured yet.',
  columns: [
    { name: 'round', about: '' },
    { name: 'held-out', about: 'Accuracy on held-out pairs in %, with its 95 % interval' },
    { name: 'win rate', about: 'Win rate against the round before in %, with its 95 % interval' },
    { name: 'text', about: 'Mean probability of the tokens of plain text, beside the base, in %' },
  ],
  share: (share: number): string => (100 * share).toFixed(1),
  interval: (low: number, high: number): string => `${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)}`,
  heldOutTitle: (pairs: number): string => `Of ${counted(pairs)} held-out pairs, with the 95 % interval`,
  winTitle: (judge: string, games: number): string =>
    `Of ${counted(games)} held-out prompts, judged by ${judge}; a tie counts half`,
  guardTitle: (loss: number): string => `Loss on plain text: ${loss.toFixed(3)} nats per token`,
  judges: 'Judges',
  noJudges: 'Nobody has judged yet.',
  you: 'you',
  figures: ({ ranked, decided, judge, inOrders, flips, withPerson, first, longer }: JudgeFigures): string[] => {
    const isPerson = judge === 'person';
    const parts = [isPerson ? many(ranked, 'pair', 'pairs') : many(decided, 'prompt', 'prompts')];
    if (inOrders > 0) parts.push(`both orders: changes its mind in ${percent(flips / inOrders)}`);
    if (withPerson) {
      const kappa = withPerson.kappa === null ? 'κ not defined' : `κ ${withPerson.kappa.toFixed(2)}`;
      parts.push(`agrees with you on ${percent(withPerson.agreement)} of ${counted(withPerson.prompts)} (${kappa})`);
    }
    if (first) parts.push(`prefers the first shown by ${signed(100 * (first.share - first.fair), 0)} points`);
    if (longer) parts.push(`the longer wins ${percent(longer.share)}`);
    return parts;
  },
  figuresTitle: ({ first, longer }: JudgeFigures): string =>
    [
      first &&
        `First shown: ${percent(first.share)} of ${first.count}, by chance ${percent(first.fair)}, 95 % interval ${strings.interval(first.low, first.high)}.`,
      longer &&
        `Longer: of ${longer.count} with unlike lengths, 95 % interval ${strings.interval(longer.low, longer.high)}.`,
    ]
      .filter((part) => part !== null)
      .join(' '),
  prompt: 'Prompt',
  drafts: 'Drafts',
  letter: (place: number): string => String.fromCharCode(64 + place),
  draftLabel: (place: number): string => `Draft ${strings.letter(place)}`,
  best: 'best',
  worst: 'worst',
  bestOn: 'best · chosen',
  worstOn: 'worst · rejected',
  tokens: (tokens: number, isCut: boolean): string => `${many(tokens, 'token', 'tokens')}${isCut ? ', cut off' : ''}`,
  edited: 'edited',
  reward: (reward: number): string => `reward ${signed(reward)}`,
  verdicts: {
    ranked: 'judged',
    tie: 'tie',
    'all-bad': 'all bad',
    skipped: 'skipped',
  } satisfies Record<PromptVerdict, string>,
  keys: 'Decisions',
  all: (count: number): string => `1–${count}`,
  tie: 'Tie',
  allBad: 'All bad',
  edit: 'Edit',
  skip: 'Skip',
  more: 'More drafts',
  undo: 'Undo',
  undoTitle: (name: string): string => `Takes back: ${name}`,
  nextPrompt: 'Next',
  previousPrompt: 'Previous',
  where: ({ place, progress }: QueueState, choice: string, seed: number): string =>
    [
      place === 0 ? `${counted(progress.total)} prompts` : `prompt ${counted(place)} of ${counted(progress.total)}`,
      progress.pace === null ? null : `${duration(progress.pace)} a prompt`,
      progress.left === null || progress.left <= 0 ? null : `about ${duration(progress.left)} left`,
      choice === 'random' ? `chosen at random (seed ${seed})` : `chosen where the model is unsure (seed ${seed})`,
    ]
      .filter((part) => part !== null)
      .join(' · '),
  allJudged: ({ pairs, progress, skipped }: QueueState): string =>
    `All ${many(progress.total, 'prompt is', 'prompts are')} gone through: ${many(pairs, 'pair', 'pairs')}${
      skipped === 0 ? '' : `, ${counted(skipped)} skipped (J goes back to them)`
    }.`,
  noDrafts: 'No prompt has two answers to compare yet.',
  restricted: 'In Restricted Mode you can look, but not judge or train.',
  announce: ({ place, progress, prompt }: QueueState): string => {
    const last = prompt?.messages.at(-1)?.content ?? '';
    return `Prompt ${place} of ${progress.total}, ${prompt?.drafts.length ?? 0} drafts: ${last.slice(0, 80)}`;
  },
};
