export type Child = Node | string | null;

export interface Properties {
  readonly class?: string;
  readonly title?: string;
  readonly role?: string;
  readonly id?: string;
  readonly tabIndex?: number;
  readonly aria?: Readonly<Record<string, string>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
}

/** An element with its attributes, listeners and children. Text is set as text, never as markup. */
export function h(tag: string, properties: Properties = {}, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(tag);
  if (properties.class !== undefined) element.className = properties.class;
  if (properties.title !== undefined) element.title = properties.title;
  if (properties.id !== undefined) element.id = properties.id;
  if (properties.role !== undefined) element.setAttribute('role', properties.role);
  if (properties.tabIndex !== undefined) element.tabIndex = properties.tabIndex;
  for (const [name, value] of Object.entries(properties.aria ?? {})) element.setAttribute(`aria-${name}`, value);
  for (const [name, listener] of Object.entries(properties.on ?? {})) element.addEventListener(name, listener);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A codicon; decoration, so hidden from screen readers. */
export function icon(name: string): HTMLElement {
  return h('span', { class: `codicon codicon-${name}`, aria: { hidden: 'true' } });
}

export function replace(parent: HTMLElement, ...children: readonly Child[]): void {
  parent.replaceChildren(...children.filter((child) => child !== null));
}

/** Calls at most once a frame, with the last arguments. */
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
