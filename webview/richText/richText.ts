/** A text as Markdown with formulas, as elements of a page. */
export type RichText = (text: string) => DocumentFragment;

declare global {
  interface Window {
    /** Set by the script richText.js. */
    marginRichText?: RichText;
  }
}

/** The script of the view. It may load others from its folder, because it knows the nonce of the page's policy. */
const ownScript = document.currentScript;
let loaded: Promise<RichText> | null = null;

/**
 * Loads what draws Markdown. It is as large as the rest of the view, so it is loaded when a person first wants it.
 *
 * @throws Error if the script cannot be loaded; the next call tries again
 */
export function loadRichText(): Promise<RichText> {
  loaded ??= load().catch((error: unknown) => {
    loaded = null;
    throw error;
  });
  return loaded;
}

function load(): Promise<RichText> {
  return new Promise((resolve, reject) => {
    if (!(ownScript instanceof HTMLScriptElement)) throw new Error('The view does not know its own script.');
    const script = document.createElement('script');
    script.nonce = ownScript.nonce;
    script.src = new URL('richText.js', ownScript.src).href;
    const failed = (): void => reject(new Error('The part of Margin that draws Markdown could not be loaded.'));
    script.addEventListener('load', () => (window.marginRichText ? resolve(window.marginRichText) : failed()));
    script.addEventListener('error', failed);
    document.head.append(script);
  });
}
