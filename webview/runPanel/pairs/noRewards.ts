import type { RunDetail } from '../../../src/protocol/runPanel';
import { button } from '../../shared/controls';
import { h } from '../../shared/dom';
import { scoringText } from '../scoringText';
import { strings } from '../strings';
import { pairStrings } from './pairStrings';

const { pairs: words } = strings;

/** Says why there are no rewards: they are being scored, or can be scored by a button. */
export function noRewards(run: RunDetail['run'], score: () => void): HTMLElement {
  const scoring = run?.scoring ?? null;
  const text = scoring?.status === 'running' ? words.scoring(scoringText(scoring)) : words.none;
  const label = scoring !== null && scoring.scored > 0 ? strings.scoring.rest : strings.scoring.score;
  const offer = scoring?.status === 'offered' ? button({ label, primary: true, onClick: score }) : null;
  return h('div', { class: 'empty', role: 'status' }, text, offer);
}

/** What can be done with the selected pair, and with the dataset. */
export function pairsFoot(tokens: () => void, suspects: () => void): HTMLElement {
  const ofTokens = h(
    'button',
    { class: 'link', title: words.tokensTitle, on: { click: tokens } },
    words.tokens,
    h('kbd', {}, 'T'),
  );
  const { suspects: label, suspectsTitle: title } = pairStrings;
  const search = h('button', { class: 'link', title, on: { click: suspects } }, label);
  return h('div', { class: 'foot muted' }, h('span', { class: 'grow' }, words.hint), search, ofTokens);
}
