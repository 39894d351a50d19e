import { errorMessage } from '../../src/base/pure/marginError';
import { Channel } from '../../src/protocol/channel';
import type { FormState, TrainFormHost, TrainFormView } from '../../src/protocol/trainForm';
import type { KeyEdit } from '../../src/run/configEdits';
import type { PresetPreview } from '../../src/run/presetEdits';
import { channelPort, type ViewApi } from '../shared/channelPort';
import { h, replace } from '../shared/dom';
import { EstimatePanel } from './estimatePanel';
import { Header } from './header';
import { PresetPanel } from './presetPanel';
import { RatePanel } from './ratePanel';
import { Sections, type Shown } from './sections';
import { strings } from './strings';
import { UnknownKeys } from './unknownKeys';

/** What a form remembers while its tab is hidden. */
export interface KeptForm extends Shown {
  readonly scroll: number;
}

/** The form of a `*.train.json`. It shows what the file says, and asks the host to change keys. */
export class TrainForm {
  private readonly channel: Channel<TrainFormView, TrainFormHost>;
  private readonly said = h('p', { class: 'sr-only', role: 'status' });
  private readonly notice = h('p', { class: 'notice', role: 'alert' });
  private readonly none = h('p', { class: 'help none' }, strings.noneFound);
  private readonly header: Header;
  private readonly unknown = new UnknownKeys((name) => this.edit(name, null));
  private readonly estimate = new EstimatePanel(
    () => this.run(this.channel.request('estimate', { run: true })),
    () => this.run(this.channel.request('estimate', { run: false })),
    (row) => this.run(this.channel.request('openRow', { row })),
    () => this.testRates(true),
    (edits, done) => this.apply(edits, done),
  );
  private readonly rates = new RatePanel({
    start: () => this.testRates(true),
    cancel: () => this.testRates(false),
    close: () => this.run(this.channel.request('closeRates', null).then(() => this.estimate.focusRates())),
    use: (rate) => this.edit('learning_rate', rate),
  });
  private readonly preset = new PresetPanel(
    (preview) => this.applyPreset(preview),
    () => this.header.focusPresets(),
  );
  private readonly page = h('main', { class: 'page', aria: { label: strings.form } });
  private sections: Sections | null = null;
  private state: FormState | null = null;

  constructor(private readonly api: ViewApi<KeptForm>) {
    this.channel = new Channel(channelPort(api), {});
    this.channel.on('changed', (state) => this.take(state));
    this.channel.on('estimated', (estimate) => this.estimate.show(estimate));
    this.channel.on('rated', (rates) => this.rates.show(rates));
    this.header = new Header({
      show: () => this.filter(),
      nextProblem: () => this.nextProblem(),
      presets: () => this.run(this.choosePreset()),
      openText: () => this.run(this.channel.request('openText', null)),
      start: () => this.run(this.channel.request('start', null)),
    });
    this.page.addEventListener('scroll', () => this.keep(), { passive: true });
    document.addEventListener('keydown', (event) => this.key(event));
    this.run(this.open());
  }

  private async open(): Promise<void> {
    const { sections, state, estimate, rates } = await this.channel.request('hello', null);
    this.sections = new Sections(sections, {
      edit: (name, json) => this.edit(name, json),
      choosePath: (name) => this.choosePath(name),
      checked: () => this.countProblems(),
    });
    this.sections.nav.append(this.unknown.link);
    const kept = this.api.getState();
    if (kept) this.header.shown = kept;
    replace(this.page, this.rates.element, this.preset.element, this.none, this.sections.element, this.unknown.element);
    const body = h('div', { class: 'body' }, this.sections.nav, this.page);
    this.estimate.show(estimate);
    replace(document.body, this.header.element, this.estimate.element, this.notice, this.said, body);
    this.rates.show(rates);
    this.take(state);
    this.filter();
    if (kept) this.page.scrollTop = kept.scroll;
  }

  private take(state: FormState): void {
    this.state = state;
    const { broken, unknown } = state.form;
    this.notice.textContent = broken ? strings.broken(broken.message, broken.line, broken.column) : '';
    document.body.classList.toggle('broken', broken !== null);
    // Fields keep what they showed while the text cannot be read.
    if (!broken) this.sections?.take(state);
    this.unknown.show(unknown);
    this.countProblems();
  }

  private countProblems(): void {
    if (!this.state || !this.sections) return;
    const { broken, unknown } = this.state.form;
    const wrong = this.sections.fields.filter((field) => field.hasProblem).length;
    this.sections.count();
    this.header.draw(this.state, wrong + unknown.length + (broken ? 1 : 0));
  }

  private edit(name: string, json: string | null): void {
    const done = this.channel.request('edit', { edits: [{ name, json }] }).then((state) => {
      this.take(state);
      this.say(json === null ? strings.removed(name) : strings.written(name));
    });
    this.run(done);
  }

  private async choosePreset(): Promise<void> {
    const preview = await this.channel.request('choosePreset', null);
    if (preview) this.preset.show(preview);
  }

  private applyPreset({ name, changes }: PresetPreview): void {
    this.apply(
      changes.map(({ name: key, json }) => ({ name: key, json })),
      strings.applied(name),
    );
  }

  /** Changes keys as one undo step. @param said what a screen reader says then */
  private apply(edits: readonly KeyEdit[], said: string): void {
    const done = this.channel.request('edit', { edits }).then((state) => {
      this.take(state);
      this.say(said);
    });
    this.run(done);
  }

  private testRates(run: boolean): void {
    this.run(this.channel.request('testRates', { run }));
  }

  private choosePath(name: string): void {
    this.run(this.channel.request('choosePath', { name }).then((state) => this.take(state)));
  }

  private filter(): void {
    const { shown } = this.header;
    const count = this.sections?.filter(shown) ?? 0;
    this.none.hidden = count > 0;
    if (shown.search !== '') this.say(strings.found(count));
    this.keep();
  }

  private keep(): void {
    this.api.setState({ ...this.header.shown, scroll: this.page.scrollTop });
  }

  private nextProblem(): void {
    const fields = this.sections?.fields.filter((field) => field.hasProblem) ?? [];
    const wrong = [...fields, ...this.unknown.rows];
    const here = wrong.findIndex(({ element }) => element.contains(document.activeElement));
    const next = wrong[(here + 1) % wrong.length];
    this.header.shown = { search: '', onlyChanged: false };
    this.filter();
    next?.focus();
  }

  private key(event: KeyboardEvent): void {
    const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f';
    if (isFind) this.header.focusSearch();
    else if (event.key === 'F8') this.nextProblem();
    else if (event.key === 'Escape' && this.header.clearSearch()) this.filter();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private say(text: string): void {
    this.said.textContent = text;
  }

  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => (this.notice.textContent = errorMessage(error)));
  }
}
