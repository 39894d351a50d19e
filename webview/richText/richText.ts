/** A text as Markdown with formulas, as elements of a page. */
export type RichText = (text: string) => DocumentFragment;

/**
 * Loads what draws Markdown. It is as large as the rest of the view, so it is loaded when a person first wants it.
 *
 * @throws Error if its file cannot be loaded
 */
export async function loadRichText(): Promise<RichText> {
  try {
    return (await import('./drawText')).richText;
  } catch (cause) {
    throw new Error('The part of Margin that draws Markdown could not be loaded.', { cause });
  }
}
