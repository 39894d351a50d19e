export type Child = Node | string | null;

export interface Properties {
  readonly class?: string;
  readonly title?: string;
  readonly role?: string;
  readonly id?: string;
  readonly tabIndex?: number;
  /** `auto`: a text in Arabic or Hebrew runs from right to left. */
  readonly dir?: 'auto';
  readonly aria?: Readonly<Record<string, string>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
}

/** Makes an element with attributes, listeners and children. Text becomes text, never markup. */
export function h(tag: string, properties: Properties = {}, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(tag);
  if (properties.class !== undefined) element.className = properties.class;
  if (properties.title !== undefined) element.title = properties.title;
  if (properties.id !== undefined) element.id = properties.id;
  if (properties.role !== undefined) element.setAttribute('role', properties.role);
  if (properties.dir !== undefined) element.dir = properties.dir;
  if (properties.tabIndex !== undefined) element.tabIndex = properties.tabIndex;
  const { aria = {}, on = {} } = properties;
  for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, value);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A codicon. It is decoration, so screen readers skip it. */
export function icon(name: string): HTMLElement {
  return h('span', { class: `codicon codicon-${name}`, aria: { hidden: 'true' } });
}

/** Replaces the children of an element. */
export function replace(parent: HTMLElement, ...children: readonly Child[]): void {
  parent.replaceChildren(...children.filter((child) => child !== null));
}

/** A function that calls `draw` in the next frame, once for all calls before that. */
export function perFrame(draw: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  };
}

/**
 * Gives an element the focus back after a redraw. While the person is elsewhere in VS Code, for example in a quick
 * pick, this would take the focus from there: then it waits until the page has the focus again.
 */
export function refocus(element: HTMLElement | null): void {
  if (!element || document.hasFocus()) return element?.focus();
  const isFree = (): boolean => document.activeElement === document.body && element.isConnected;
  window.addEventListener('focus', () => isFree() && element.focus(), { once: true });
}
