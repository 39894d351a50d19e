import { type DiffRun, wordDiff } from '../../src/pairs/wordDiff';
import type { Sample } from '../../src/protocol/runPanel';
import { h } from '../shared/dom';
import { strings } from './strings';

const { samples: words } = strings;

/** What an answer is compared with: the answer before training, or that of the evaluation before. */
export type SampleBasis = 'start' | 'previous';

/** The samples of an earlier step. */
export interface EarlierSamples {
  readonly step: number;
  readonly samples: readonly Sample[];
}

interface Said {
  readonly label: string;
  readonly text: string;
  readonly reward: number | null;
  /** The step whose model the reward is from. */
  readonly step: number;
}

/**
 * A prompt with two answers, and the words that differ.
 *
 * @param basis null: the answer before training
 */
export function sampleSection(sample: Sample, step: number, basis: EarlierSamples | null): HTMLElement {
  const { prompt, before, after, rewards } = sample;
  const earlier = basis?.samples.find((one) => one.prompt === prompt);
  const old: Said =
    basis && earlier
      ? {
          label: words.step(basis.step),
          text: earlier.after,
          reward: earlier.rewards && earlier.rewards.after,
          step: basis.step,
        }
      : { label: words.before, text: before, reward: rewards && rewards.before, step };
  const now: Said = { label: words.after, text: after, reward: rewards && rewards.after, step };
  const diff = old.text === now.text ? null : wordDiff(now.text, old.text);
  const isSame = old.text === now.text;
  return h(
    'section',
    { class: 'sample' },
    h('b', { dir: 'auto' }, prompt),
    ...turn(old, diff && diff.rejected, 'del'),
    ...turn(now, diff && diff.chosen, 'ins'),
    isSame ? h('span', { class: 'muted unchanged' }, words.same) : null,
  );
}

/** @param runs the text with its differences; null: they are not shown */
function turn(
  { label, text, reward, step }: Said,
  runs: readonly DiffRun[] | null,
  mark: 'ins' | 'del',
): HTMLElement[] {
  if (text === '')
    return [h('span', { class: 'muted label' }, label), h('span', { class: 'muted said' }, words.noAnswer)];
  const parts = runs === null ? [text] : runs.map((run) => (run.kind === 'same' ? run.text : h(mark, {}, run.text)));
  const sign = reward === null ? '' : reward < 0 ? ' bad' : ' good';
  const value =
    reward === null
      ? null
      : h('span', { class: `num reward${sign}`, title: words.rewardTitle(step) }, words.reward(reward));
  return [
    h('span', { class: 'muted label' }, label),
    h('div', { class: 'answered' }, h('span', { class: 'said', dir: 'auto' }, ...parts), value),
  ];
}
