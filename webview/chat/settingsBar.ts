import { type ChatSettings, mostPrompt } from '../../src/protocol/chat';
import { h, replace } from '../shared/dom';
import { grow, rangeField, textArea } from './fields';
import { readStops, stopsText } from './stopStrings';
import { strings } from './strings';

type NumberSetting = Exclude<keyof ChatSettings, 'system' | 'stop'>;

const ranges: Readonly<Record<NumberSetting, { readonly min: number; readonly max: number; readonly step: number }>> = {
  temperature: { min: 0, max: 5, step: 0.1 },
  topP: { min: 0, max: 1, step: 0.05 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER, step: 1 },
  maxNewTokens: { min: 1, max: 8192, step: 1 },
};
const names: readonly NumberSetting[] = ['temperature', 'topP', 'seed', 'maxNewTokens'];

/** The most characters of the stop strings together. */
const mostStop = 1000;

/** System prompt and sampling, which hold for the next answers. */
export class SettingsBar {
  readonly element = h('section', { class: 'settings', aria: { label: strings.settings } });
  private readonly system = textArea(strings.system, strings.systemHint, mostPrompt);
  private readonly stop = textArea(strings.stopStrings, strings.stopHint, mostStop);
  private readonly fields: ReadonlyMap<NumberSetting, ReturnType<typeof rangeField>>;
  private settings: ChatSettings | null = null;

  constructor(changed: (settings: ChatSettings) => void) {
    const change = (part: Partial<ChatSettings>): void => {
      if (this.settings) changed({ ...this.settings, ...part });
    };
    const titles = strings.fieldTitles;
    const field = (name: NumberSetting): ReturnType<typeof rangeField> =>
      rangeField(strings.fields[name], titles[name], ranges[name], (value) => change({ [name]: value }));
    this.fields = new Map(names.map((name) => [name, field(name)]));
    this.system.addEventListener('change', () => change({ system: this.system.value }));
    const system = h('label', { class: 'field system' }, h('span', { class: 'muted' }, strings.system), this.system);
    this.stop.addEventListener('change', () => change({ stop: readStops(this.stop.value) }));
    const title = strings.stopTitle;
    const stop = h(
      'label',
      { class: 'field stop', title },
      h('span', { class: 'muted' }, strings.stopStrings),
      this.stop,
    );
    replace(this.element, system, ...[...this.fields.values()].map(({ element }) => element), stop);
  }

  show(settings: ChatSettings): void {
    this.settings = settings;
    for (const [name, field] of this.fields) field.show(settings[name]);
    show(this.system, settings.system);
    show(this.stop, stopsText(settings.stop));
  }
}

/** What the person is typing stays. */
function show(area: HTMLTextAreaElement, text: string): void {
  if (document.activeElement === area) return;
  area.value = text;
  grow(area);
}
