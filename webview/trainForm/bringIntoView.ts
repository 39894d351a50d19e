/**
 * Scrolls the form's page until an element is at its top, or in its middle, and scrolls nothing else. `scrollIntoView`
 * would scroll the frames around the view too: VS Code's frame is some pixels higher than its window, so the top of the
 * form's bar would leave the view.
 */
export function bringIntoView(element: HTMLElement, place: 'start' | 'center' = 'start'): void {
  const page = element.closest('.page');
  if (!page) return;
  const [inner, outer] = [element.getBoundingClientRect(), page.getBoundingClientRect()];
  const above = place === 'start' ? 0 : Math.max(0, (outer.height - inner.height) / 2);
  page.scrollTop += inner.top - outer.top - above;
}
