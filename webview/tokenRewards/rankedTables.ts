import type { ExampleQuery, RankedToken, RankedTokens, SetQuery } from '../../src/protocol/tokenRewards';
import { numberField } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { reward, strings } from './strings';
import { exampleButton, type PlacesSource, TokenPlaces } from './tokenPlaces';

const { set: words } = strings;

export interface RankedSource extends PlacesSource {
  tokens(query: SetQuery): Promise<RankedTokens>;
}

/** The most rewarded and the most punished tokens of a file, with counts, means and examples. */
export class RankedTables {
  readonly element = h('div', { class: 'set-body' });
  private readonly bar = h('div', { class: 'bar set-bar' });
  private readonly tables = h('div', { class: 'answers tables' });
  private query: SetQuery = { minCount: 5, by: 'mean' };

  constructor(private readonly source: RankedSource) {
    replace(this.element, this.bar, this.tables);
  }

  async show(): Promise<void> {
    const { query } = this;
    if (this.tables.childElementCount === 0) replace(this.bar, h('span', { class: 'muted' }, words.counting));
    const found = await this.source.tokens(query);
    if (query !== this.query) return;
    this.drawBar(found);
    replace(
      this.tables,
      tableOf('highest', found.rewarded, this.source),
      tableOf('lowest', found.punished, this.source),
    );
    this.source.announce(words.about(found.tokens, found.rare, query.minCount));
  }

  private change(part: Partial<SetQuery>): void {
    this.query = { ...this.query, ...part };
    this.show().catch(this.source.failed);
  }

  private drawBar({ tokens, rare }: RankedTokens): void {
    const { minCount, by } = this.query;
    const orders = (['mean', 'sum'] as const).map((order) =>
      h(
        'button',
        {
          class: 'option',
          title: words.byTitle[order],
          aria: { pressed: String(order === by) },
          on: { click: () => this.change({ by: order }) },
        },
        words.by[order],
      ),
    );
    replace(
      this.bar,
      h('span', { class: 'muted' }, words.about(tokens, rare, minCount)),
      h('span', { class: 'grow' }),
      h('span', { class: 'muted' }, words.minCount),
      numberField(`${words.minCount} N ${words.times}`, minCount, (value) =>
        this.change({ minCount: Math.ceil(value) }),
      ),
      h('span', { class: 'muted' }, words.times),
      ...orders,
    );
  }
}

function tableOf(end: ExampleQuery['end'], tokens: readonly RankedToken[], source: RankedSource): HTMLElement {
  const title = end === 'highest' ? words.rewarded : words.punished;
  const heading = h('h2', {}, title);
  if (tokens.length === 0) return h('section', {}, heading, h('p', { class: 'muted' }, words.none));
  const isText = (i: number): boolean => i === 0 || i === words.columns.length - 1;
  const head = words.columns.map((column, i) => h('th', { class: isText(i) ? '' : 'num' }, column));
  const largest = Math.max(...tokens.map(({ mean }) => Math.abs(mean)));
  const rows = tokens.map((token) => {
    const { count, chosen, mean, sum, examples } = token;
    const places = new TokenPlaces(token, end, largest, source);
    const row = h(
      'tr',
      {},
      h('td', { class: 'word' }, places.button),
      h('td', { class: 'num' }, counted(count)),
      h('td', { class: 'num muted' }, counted(chosen)),
      h('td', { class: 'num' }, reward(mean)),
      h('td', { class: 'num muted' }, reward(sum)),
      h('td', { class: 'examples' }, ...examples.map((example) => exampleButton(example, source))),
    );
    places.follow(row);
    return row;
  });
  const table = h('table', { aria: { label: title } }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows));
  return h('section', {}, heading, table);
}
