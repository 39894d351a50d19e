import type { ExampleQuery, RankedToken, TokenExample } from '../../src/protocol/tokenRewards';
import { h, replace } from '../shared/dom';
import { named, reward, strings } from './strings';

const { set: words } = strings;

export interface PlacesSource {
  examples(query: ExampleQuery): Promise<readonly TokenExample[]>;
  open(example: TokenExample): void;
  announce(text: string): void;
  readonly failed: (error: unknown) => void;
}

const stepOf = (mean: number, largest: number): string => `s${Math.max(1, Math.round((8 * Math.abs(mean)) / largest))}`;

/** A token of a ranked table: a click shows its places in a row below, another click hides them. */
export class TokenPlaces {
  readonly button: HTMLElement;
  private row: HTMLElement | null = null;
  private shown: HTMLElement | null = null;

  /** @param largest the mean of the strongest colour */
  constructor(
    private readonly token: RankedToken,
    private readonly end: ExampleQuery['end'],
    largest: number,
    private readonly source: PlacesSource,
  ) {
    const { mean, text } = token;
    const look = `tok ${mean > 0 ? 'up' : 'down'} ${stepOf(mean, largest)}`;
    const title = words.more(named(text));
    this.button = h(
      'button',
      { class: `token-button ${look}`, title, aria: { expanded: 'false' }, on: { click: () => this.toggle() } },
      named(text),
    );
  }

  /** The places come after this row of the table. */
  follow(row: HTMLElement): void {
    this.row = row;
  }

  private toggle(): void {
    const { token, row, shown, button } = this;
    button.setAttribute('aria-expanded', String(shown === null));
    button.title = shown === null ? words.fewer(named(token.text)) : words.more(named(token.text));
    shown?.remove();
    this.shown = null;
    if (shown !== null || row === null) return;
    const cell = h('td', { class: 'places' }, h('span', { class: 'muted' }, words.searching));
    cell.setAttribute('colspan', String(words.columns.length));
    const below = h('tr', {}, cell);
    this.shown = below;
    row.after(below);
    this.fill(cell).catch(this.source.failed);
  }

  private async fill(cell: HTMLElement): Promise<void> {
    const { token, end, source } = this;
    const found = await source.examples({ id: token.id, end });
    const said = words.places(found.length, token.count);
    replace(
      cell,
      h('span', { class: 'muted' }, said),
      h('div', { class: 'place-list' }, ...found.map((example) => exampleButton(example, source, true))),
    );
    source.announce(`${named(token.text)}: ${said}`);
  }
}

/** The place of a token with the text around it; a click shows it. @param hasReward whether its reward is shown too */
export function exampleButton(
  example: TokenExample,
  source: Pick<PlacesSource, 'open'>,
  hasReward = false,
): HTMLElement {
  const { before, text, after, line } = example;
  const parts = [h('span', {}, before), h('b', {}, text), h('span', {}, after)];
  return h(
    'button',
    { class: 'example', title: words.example(example), on: { click: () => source.open(example) } },
    h('span', { class: 'muted num' }, String(line)),
    hasReward ? h('span', { class: 'num' }, reward(example.reward)) : null,
    h('span', { class: 'clip' }, ...parts),
  );
}
