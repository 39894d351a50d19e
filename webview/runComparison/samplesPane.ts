import { type DiffRun, wordDiff } from '../../src/pairs/wordDiff';
import type { SamplePair } from '../../src/protocol/runComparison';
import { h } from '../shared/dom';
import { strings } from './strings';

/** The newest answers of two runs to the same prompts, side by side. Words that only one of them has are marked. */
export function samplePairs(samples: readonly SamplePair[], names: readonly [string, string]): readonly HTMLElement[] {
  if (samples.length === 0) return [h('div', { class: 'empty' }, strings.noSamples)];
  return samples.map(({ prompt, first, second }) => {
    const [a, b] = [first?.after ?? null, second?.after ?? null];
    const diff = a !== null && b !== null ? wordDiff(a, b) : null;
    const before = (first ?? second)?.before ?? '';
    const side = (name: string, sample: SamplePair['first'], runs: readonly DiffRun[] | null): HTMLElement =>
      h(
        'div',
        { class: 'answer' },
        h('span', { class: 'muted label' }, sample ? `${name} · ${strings.atStep(sample.step)}` : name),
        answer(sample, runs),
      );
    return h(
      'section',
      { class: 'sample-pair' },
      h('b', { dir: 'auto' }, prompt),
      h(
        'div',
        { class: 'answers' },
        side(names[0], first, diff && diff.chosen),
        side(names[1], second, diff && diff.rejected),
      ),
      h('p', { class: 'muted base', dir: 'auto' }, `${strings.base}: ${before === '' ? strings.noAnswer : before}`),
    );
  });
}

function answer(sample: SamplePair['first'], runs: readonly DiffRun[] | null): HTMLElement {
  if (!sample) return h('p', { class: 'muted' }, strings.noSample);
  if (sample.after === '') return h('p', { class: 'muted' }, strings.noAnswer);
  return h('p', { class: 'said-text', dir: 'auto' }, ...(runs ?? plain(sample.after)).map(word));
}

const plain = (text: string): readonly DiffRun[] => [{ text, kind: 'same' }];

function word({ text, kind }: DiffRun): HTMLElement | string {
  return kind === 'only' ? h('mark', {}, text) : text;
}
