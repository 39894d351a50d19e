import { reasonSentences, verdictWords } from '../../src/pairs/suspects/verdictText';
import type { RowDetail } from '../../src/protocol/pairEditor';
import { h, icon } from '../shared/dom';
import { strings } from './strings';

/** What the search for wrong labels says of the label of a row, with its reasons; null if it says nothing. */
export function verdictLine({ suspect, list }: RowDetail): HTMLElement | null {
  if (suspect === null) return null;
  const { verdict, reasons } = suspect;
  const words = `${list ? strings.labelOfPair : strings.label} ${verdictWords(suspect)}.`;
  const look = verdict === 'clean' ? 'muted' : 'warn';
  return h(
    'p',
    { class: `verdict-line ${verdict}` },
    h('span', { class: look }, icon(verdictIcons[verdict]), ` ${words}`),
    h('span', { class: 'muted' }, ` ${reasonSentences(reasons).join(' ')}`),
  );
}

const verdictIcons = { clean: 'check', flipped: 'arrow-swap', tie: 'remove' } as const;
