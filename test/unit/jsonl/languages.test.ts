import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../src/jsonl/node/languages/languageOf';
import { asQueried } from '../../../src/jsonl/node/search/asQueried';
import { columnReader } from '../../../src/pairs/query/column';
import { languageCodes, proseOf } from '../../../src/pairs/query/languages';
import { detectAll } from '../../../src/pairs/reading';
import { readRow } from '../../../src/pairs/readRow';

// The first article of the Universal Declaration of Human Rights.
const articles = {
  en: 'All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience.',
  de: 'Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt.',
  fr: 'Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison.',
  es: 'Todos los seres humanos nacen libres e iguales en dignidad y derechos, dotados como están de razón.',
  ru: 'Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью.',
  zh: '人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。',
  ja: 'すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。',
} as const;

describe('the language of a text', () => {
  it.each(Object.entries(articles))('is found: %s', (language, text) => {
    expect(languageOf(text)).toBe(language);
    expect(languageCodes).toContain(language);
  });

  it('is unknown for a short text, for code, and for what is no prose', () => {
    for (const text of [
      '',
      'Yes, of course.',
      '`const a = 1;`',
      `\`\`\`js\n${articles.en}\n\`\`\``,
      'https://example.org/a/long/path',
    ])
      expect(languageOf(text), text).toBe('unknown');
    expect(languageOf('xqz vvkw pprt zzgh wqx jjkl mnbv cxzq wrtp lkjh gfds qwrt zxcv bnmp')).toBe('unknown');
  });

  it('is that of the prose around code and links', () => {
    const code = '```py\nfor item in items: print(item) # the items of the list\n```';
    const text = `${articles.de} ${code} https://example.org/the-english-name-of-the-page ${code}`;
    expect(languageOf(text)).toBe('de');
    expect(proseOf(text)).not.toContain('items');
  });

  it('is a column of the filter, of both answers', () => {
    const line = JSON.stringify({ prompt: 'Q', chosen: articles.de, rejected: articles.en });
    const row = asQueried(line, readRow(line, detectAll), detectAll);
    expect(columnReader({ kind: 'labels', field: 'lang' })(row)).toEqual(['de', 'en']);
  });
});
