import { createRequire } from 'node:module';
import { bundlePath } from '../../../base/node/bundlePath';
import { proseOf, unknownLanguage } from '../../../pairs/query/languages';

type Detect = (prose: string) => string | null;

/**
 * The language of a text by ISO 639-1, or `unknown`. The first call loads the detector, which takes 0.1 s; a program
 * that asks for no language never does.
 */
export function languageOf(text: string): string {
  const prose = proseOf(text);
  return prose === null ? unknownLanguage : (loaded().detect(prose) ?? unknownLanguage);
}

const known: { detector: { readonly detect: Detect } | null } = { detector: null };

function loaded(): { readonly detect: Detect } {
  known.detector ??= createRequire(__filename)(bundlePath('languages.js')) as { readonly detect: Detect };
  return known.detector;
}
