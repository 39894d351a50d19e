import { h } from '../shared/dom';

/** A field for a number in a range. A text that is no such number is marked and not taken. */
export function rangeField(
  label: string,
  title: string,
  range: { readonly min: number; readonly max: number; readonly step: number },
  onChange: (value: number) => void,
): { readonly element: HTMLElement; readonly show: (value: number) => void } {
  const input = document.createElement('input');
  Object.assign(input, { type: 'number', min: String(range.min), max: String(range.max), step: String(range.step) });
  const isWhole = range.step === 1;
  const read = (): number | null => {
    const value = input.value.trim() === '' ? Number.NaN : Number(input.value);
    const fits = value >= range.min && value <= range.max && (!isWhole || Number.isInteger(value));
    return fits ? value : null;
  };
  input.addEventListener('input', () => {
    input.classList.toggle('invalid', read() === null);
    input.setAttribute('aria-invalid', String(read() === null));
  });
  input.addEventListener('change', () => {
    const value = read();
    if (value !== null) onChange(value);
  });
  return {
    element: h('label', { class: 'field', title }, h('span', { class: 'muted' }, label), input),
    show: (value) => {
      // What the person is typing stays.
      if (document.activeElement !== input) input.value = String(value);
    },
  };
}

/** A text area that grows with its text. */
export function textArea(label: string, hint: string, most: number): HTMLTextAreaElement {
  const area = document.createElement('textarea');
  Object.assign(area, { rows: 1, placeholder: hint, maxLength: most });
  area.setAttribute('aria-label', label);
  area.dir = 'auto';
  area.addEventListener('input', () => grow(area));
  return area;
}

/** Makes the area as high as its text, up to the limit of the style sheet. */
export function grow(area: HTMLTextAreaElement): void {
  area.style.setProperty('height', 'auto');
  area.style.setProperty('height', `${area.scrollHeight + 2}px`);
}

/** A small button of text, for what can be done with one turn or answer. */
export function option(text: string, title: string, click: () => void, pressed: boolean | null = null): HTMLElement {
  const aria = pressed === null ? {} : { pressed: String(pressed) };
  return h('button', { class: 'option', title, aria, on: { click } }, text);
}
