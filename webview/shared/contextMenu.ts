/** Gives an element VS Code's context menu, which gets `context`. The manifest lists the commands of the section. */
export function withMenu(
  element: HTMLElement,
  webviewSection: string,
  context: Readonly<Record<string, unknown>>,
): HTMLElement {
  element.dataset['vscodeContext'] = JSON.stringify({ webviewSection, ...context });
  return element;
}

/** Opens the context menu of an element below it. */
export function openMenu(element: HTMLElement): void {
  const { left, bottom } = element.getBoundingClientRect();
  // VS Code listens for this event only, and draws the menu itself.
  element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, clientX: left, clientY: bottom }));
}
