import { early, enoughPoints, late, valuesOf } from './trend';
import { withMinus } from '../../base/pure/withMinus';
import type { Finding, ObservedRun, PairsBehind, Symptom } from './symptom';

/** The part of its log-prob that an answer may lose before it counts as displaced. */
const collapseShare = 0.25;
/** Nats between policy and reference, mean over answers. */
const farNats = 50;

const lowestChosen: PairsBehind = {
  label: 'the pairs whose chosen answers fall most',
  sort: 'chosen',
  descending: false,
  margins: null,
};

/** The mean log-prob of chosen answers, in nats. */
interface Fall {
  readonly from: number;
  readonly to: number;
}

/** How far the chosen log-prob has fallen while the margin grew and both rewards fell; null: they did not. */
function fallOf({ curves: { series } }: ObservedRun): Fall | null {
  const falls = (name: string): boolean => {
    const column = valuesOf(series[name]);
    return late(column) < 0 && late(column) < early(column);
  };
  const margins = valuesOf(series['rewards/margins']);
  if (margins.length < enoughPoints || late(margins) <= early(margins)) return null;
  if (!falls('rewards/chosen') || !falls('rewards/rejected')) return null;
  const logps = valuesOf(series['logps/chosen']);
  return { from: early(logps), to: late(logps) };
}

const isCollapse = ({ from, to }: Fall): boolean => from - to >= collapseShare * Math.abs(from);

const fromTo = ({ from, to }: Fall): string => `from ${withMinus(from, 1)} to ${withMinus(to, 1)} nats`;

export const collapse: Symptom = {
  id: 'chosen-collapses',
  threshold: `the margin grows while the chosen log-prob falls by ${100 * collapseShare} % or more of its start`,
  source: { label: 'Razin et al. 2024', url: 'https://arxiv.org/abs/2410.08847' },
  find: (run): Finding | null => {
    const fall = fallOf(run);
    if (fall === null || !isCollapse(fall)) return null;
    return {
      text: `The margin grows while the chosen answers become unlikely: their mean log-prob went ${fromTo(fall)}. The model unlearns both answers, and may write neither.`,
      advice:
        'Mix in sft ("loss_type": ["sigmoid", "sft"]), raise beta or lower learning_rate; look for pairs with nearly equal answers.',
      pairs: lowestChosen,
    };
  },
};

export const bothFall: Symptom = {
  id: 'both-fall',
  threshold: 'both rewards fall below 0 while the margin grows',
  source: { label: 'Pal et al. 2024', url: 'https://arxiv.org/abs/2402.13228' },
  find: (run): Finding | null => {
    const fall = fallOf(run);
    if (fall === null || isCollapse(fall)) return null;
    return {
      text: `Both rewards fall while the margin grows. This is usual for DPO, which only makes rejected answers fall faster. The mean log-prob of chosen answers went ${fromTo(fall)}.`,
      advice: 'To keep the chosen answers likely, mix in sft: "loss_type": ["sigmoid", "sft"].',
      pairs: lowestChosen,
    };
  },
};

export const far: Symptom = {
  id: 'far-from-reference',
  threshold: `the mean |log π − log π_ref| of the answers is above ${farNats} nats`,
  source: { label: 'Rafailov et al. 2024', url: 'https://arxiv.org/abs/2406.02900' },
  find: ({ curves: { series }, config: { trainer, beta } }): Finding | null => {
    // The rewards of the other trainers have no reference.
    if (trainer !== 'dpo' && trainer !== 'kto') return null;
    const sides = ['rewards/chosen', 'rewards/rejected'].map((name) => valuesOf(series[name]));
    if (sides.some(({ length }) => length < enoughPoints)) return null;
    const nats = sides.reduce((sum, side) => sum + Math.abs(late(side)) / beta / sides.length, 0);
    if (!(nats > farNats)) return null;
    return {
      text: `The model is ${Math.round(nats)} nats from its reference, mean over the answers. At such distances more reward often comes with worse answers.`,
      advice: 'Raise beta, lower learning_rate, or take an earlier checkpoint.',
      pairs: {
        label: 'the pairs whose rejected answers fall most',
        sort: 'rejected',
        descending: false,
        margins: null,
      },
    };
  },
};
