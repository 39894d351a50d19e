import { MarginError } from '../base/pure/marginError';

/**
 * A licence as the Hub names it in cards (huggingface.co/docs/hub/repositories-licenses): `apache-2.0`, `cc-by-4.0`,
 * `other`. Margin does not judge which licences there are.
 *
 * @throws MarginError `hub-licence`
 */
export function parseLicence(text: string): string {
  if (/^[a-z0-9][a-z0-9.+-]{0,60}$/.test(text)) return text;
  throw new MarginError(
    'hub-licence',
    `${JSON.stringify(text)} is no name of a licence as the Hub writes them, such as apache-2.0, cc-by-4.0 or other.`,
  );
}

/** Adds the licence to the front matter of a card. */
export function withLicence(card: string, licence: string | null): string {
  return licence === null ? card : card.replace(/^---\n/, `---\nlicense: ${licence}\n`);
}
