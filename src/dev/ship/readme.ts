/** A line that is one picture of the repository. */
const picture = /^!\[([^\]]*)\]\((media\/[^)]+)\)\n\n?/gm;

/**
 * The page of the Marketplace. It serves no picture of a package, so pictures need an address.
 *
 * @param base an https address below which `media/pictures` is published; null: the page has no pictures
 * @throws Error if `base` is not https, because vsce and VS Code refuse other addresses
 */
export function marketplacePage(markdown: string, base: string | null): string {
  if (base === null) return markdown.replaceAll(picture, '');
  if (!URL.canParse(base) || new URL(base).protocol !== 'https:')
    throw new Error(`MARGIN_PICTURES_URL must be an https address, not ${base}`);
  const folder = base.endsWith('/') ? base : `${base}/`;
  return markdown.replaceAll(picture, (_, text: string, path: string) => `![${text}](${folder}${path})\n\n`);
}
