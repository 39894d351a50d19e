import { describe, expect, it } from 'vitest';
import { checkLine } from '../../../../src/pairs/checks';
import { detectAll } from '../../../../src/pairs/reading';
import { decoded } from '../../../../src/pairs/rules/mojibakeText';

const turn = (role: string, content: string): object => ({ role, content });
const found = (row: object): string[] =>
  checkLine(JSON.stringify(row), detectAll).map(({ severity, code, field }) => `${severity} ${code} ${field}`);
const good = { question: 'Which is bigger, a bee or a horse?', chosen: 'A horse is bigger.', rejected: 'A bee is.' };
type Texts = Partial<typeof good> & Record<string, unknown>;
/** The problems of messages with these texts. */
function chat(texts: Texts): string[] {
  const { question, chosen, rejected, ...more } = { ...good, ...texts };
  return found({
    prompt: [turn('user', question)],
    chosen: [turn('assistant', chosen)],
    rejected: [turn('assistant', rejected)],
    ...more,
  });
}
const plain = ({ question = good.question, ...texts }: Texts): string[] =>
  found({ prompt: question, chosen: good.chosen, rejected: good.rejected, ...texts });

describe('control characters', () => {
  it.each(['a\0b', 'red \u001b[31mtext', 'A\ufeff horse.', 'page\fbreak', 'a\u007f', 'A \u202eesroh.'])(
    'in %j are a warning',
    (text) => {
      expect(chat({ chosen: text })).toEqual(['warning control-characters chosen']);
    },
  );

  it.each(['a\tb\r\nc', 'an e\u0301', '👩‍🚀', 'نص\u200f', 'soft\u00adhyphen'])('are not found in %j', (text) => {
    expect(chat({ chosen: `${text} A horse.` })).toEqual([]);
  });
});

describe('text in a wrong encoding', () => {
  /** UTF-8 that was read as Latin-1. Windows-1252 has visible characters where Latin-1 has control characters. */
  const wrong = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));

  it.each(['café', 'It’s', '“quoted”', 'naïve – yes', 'Привет', '你好吗', '😀', '10 € each', 'Größe'])(
    'is found in the wrong form of %j, and decoded',
    (text) => {
      expect(chat({ chosen: wrong(text) })).toEqual(['warning mojibake chosen']);
      expect(decoded(wrong(text))).toBe(text);
    },
  );

  it.each([
    ['Ã©', 'é'],
    ['Itâ€™s', 'It’s'],
    ['ChÃ©ri â€œLÃ©aâ€\u009d', 'Chéri “Léa”'],
    ['ðŸ˜€', '😀'],
    ['don\u0092t', 'don’t'],
  ])('of Windows-1252 in %j is decoded to %j', (text, right) => {
    expect(chat({ chosen: `${text} A horse.` })).toEqual(['warning mojibake chosen']);
    expect(decoded(text)).toBe(right);
  });

  it('a character that was lost is found', () => {
    expect(chat({ question: 'Who wrote this \ufffd?' })).toEqual(['warning mojibake prompt']);
  });

  it.each([
    'AMANHÃ… NÃO É «IRMû',
    'São Paulo, à côté, Ångström, Ærø',
    '25 °C ± 1, 3 × 4, 5 µm, §7, £5, «é»…',
    'Ελληνικά, русский, 中文, 日本語, العربية',
    'Đặng Văn Ân',
  ])('is not found in %j', (text) => {
    expect(chat({ chosen: text, rejected: `Yes. ${text}` })).toEqual([]);
  });
});

describe('an answer in another script', () => {
  const asked = '为什么天空是蓝色的，请解释一下原因';
  const english = 'Because air scatters blue light more than red light.';

  it('is a hint', () => {
    expect(
      chat({ question: asked, chosen: '因为空气散射蓝光比散射红光更多，所以天空看起来是蓝色的。', rejected: english }),
    ).toEqual(['info other-script rejected']);
    expect(
      chat({ question: 'Why is the sky blue?', chosen: english, rejected: 'Потому что воздух рассеивает синий свет.' }),
    ).toEqual(['info other-script rejected']);
  });

  it.each([
    ['a translation', `${asked}，翻译成英文`, english],
    ['code', asked, '```js\nconsole.log("blue light is scattered more")\n```'],
    ['a short name', asked, 'Rayleigh'],
    ['a French answer', 'Why is the sky blue?', 'Parce que l’air diffuse plus de lumière bleue.'],
    [
      'about words of its script',
      'What does 天空 mean, and how is it used?',
      '天空（てんくう）は空のことです。「天空の城」のように使います。',
    ],
  ])('that is %s is left alone', (_, question, text) => {
    expect(chat({ question, chosen: text, rejected: `${text} No.` })).toEqual([]);
  });
});

describe('secrets', () => {
  const letters = (count: number): string => 'qWeRtYuIoPaSdFgHjKlZxCvBnM'.repeat(4).slice(0, count);
  const upper = (count: number): string => 'QWERTY2UIOP3ASDF4GHJ'.slice(0, count);

  it.each([
    `AKIA${upper(16)}`,
    `ghp_${letters(36)}`,
    `github_pat_${letters(82)}`,
    `glpat-${letters(20)}`,
    `sk-${letters(20)}T3BlbkFJ${letters(20)}`,
    `sk-proj-${letters(40)}T3BlbkFJ${letters(40)}`,
    `sk-ant-api03-${letters(93)}AA`,
    `hf_${letters(34)}`,
    `AIza${letters(35)}`,
    `xoxb-123456789012-${letters(24)}`,
    `sk_live_${letters(24)}`,
    `npm_${letters(36)}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${letters(64)}\n`,
  ])('in the form of %s are a warning that does not print them', (text) => {
    const line = JSON.stringify({ prompt: good.question, chosen: `Use ${text} here.`, rejected: 'No.' });
    const [one, ...more] = checkLine(line, detectAll);
    expect(one).toMatchObject({ severity: 'warning', code: 'secret', field: 'chosen' });
    expect(more).toEqual([]);
    expect(one?.message).not.toContain(text.slice(4, 14));
  });

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'sk-YOUR-API-KEY',
    'hf_token',
    '-----BEGIN PRIVATE KEY-----\n...',
    'task-force and ASIAN',
  ])('are not found in %j', (text) => {
    expect(plain({ chosen: text })).toEqual([]);
  });
});

describe('personal data', () => {
  it.each([
    ['an e-mail address', 'Write to jane.roe@posteo.de today.'],
    ['a phone number', 'Call +49 30 901820 or +44 20 7946 0958.'],
    ['an IBAN', 'Pay to DE89 3704 0044 0532 0130 00.'],
    ['the number of a card', 'Charge 4539 1488 0343 6467.'],
  ])('%s is a hint that does not print it', (what, text) => {
    const line = JSON.stringify({ prompt: good.question, chosen: text, rejected: 'No.' });
    const message = `chosen holds ${what}: replace it, unless it is made up.`;
    expect(checkLine(line, detectAll)).toMatchObject([{ severity: 'info', code: 'personal-data', message }]);
  });

  it.each([
    'jane@example.com, user@domain.com, support@shop.de, git@github.com:a/b.git',
    'a@d.co and @property and x@y',
    'Call +1 555 010 0123 or 0800 123 456.',
    'DE89 3704 0044 0532 0130 01 has wrong check digits.',
    '4539 1488 0343 6468, 1234 5678 1234 5678, 1.4142135623730951',
    'x = +1 2 3 4 and 2024-01-01 12:00:00+00:00',
  ])('is not found in %j', (text) => {
    expect(plain({ chosen: text })).toEqual([]);
  });
});

describe('refusals', () => {
  const refusal = "I'm sorry, but I cannot help with that.";

  it.each([
    refusal,
    'As an AI language model, I am unable to say.',
    '对不起，我无法回答这个问题。',
    'I can’t assist with that.',
  ])('are a hint if the chosen answer begins with %j', (chosen) =>
    expect(chat({ chosen })).toEqual(['info refusal chosen']),
  );

  it('are a hint if both answers refuse, and none if only the rejected one does', () => {
    expect(chat({ chosen: refusal, rejected: 'Sorry, I can’t answer.' })).toEqual(['info refusal chosen']);
    expect(chat({ rejected: refusal })).toEqual([]);
  });

  it.each([
    'I’m sorry for your loss.',
    'As an AI assistant, I would be happy to help!',
    'I cannot wait.',
    'Sorry, it is Bonn.',
  ])('are not found in %j', (chosen) => expect(chat({ chosen })).toEqual([]));
});

describe('scores', () => {
  it('that are higher for the rejected answer are a warning, and equal ones a hint', () => {
    expect(plain({ score_chosen: 6, score_rejected: 8.5 })).toEqual(['warning score-contradicts score_chosen']);
    expect(plain({ 'chosen-rating': 4, 'rejected-rating': 4 })).toEqual(['info score-contradicts chosen-rating']);
  });

  it('that agree, or where less may be better, are left alone', () => {
    expect(plain({ score_chosen: 9, score_rejected: 8.5, chosen_rank: 1, rejected_rank: 2 })).toEqual([]);
    expect(plain({ chosen_score: '6', rejected_score: '8' })).toEqual([]);
  });
});

describe('leftovers of templates', () => {
  it.each(['{{prompt}}', 'Answer this: {{ question }}', '{input}', ' {{text}} '])('%j is a warning', (question) => {
    expect(plain({ question })).toEqual(['warning unfilled-template prompt']);
  });

  it.each(['Is {"a": {"b": 1}} JSON?', 'Use {{ item.name }} in Vue.', 'f"{prompt}" in Python', 'x = {a}'])(
    '%j is left alone',
    (question) => expect(plain({ question })).toEqual([]),
  );

  it('the next turn of the user inside an answer is a hint, unless the prompt is a dialogue', () => {
    const chosen = 'A horse.\n\nHuman: And a cow?\nA cow too.';
    expect(chat({ chosen })).toEqual(['info invented-turn chosen']);
    expect(chat({ chosen, question: 'Write a dialogue like this:\nHuman: Hi' })).toEqual([]);
    expect(chat({ chosen: 'Human: one word at the start' })).toEqual([]);
  });
});

describe('white space', () => {
  it('at the end of one answer is a hint, at its start only in a message', () => {
    expect(chat({ rejected: ' A bee is.' })).toEqual(['info white-space rejected']);
    expect(plain({ chosen: ' A horse is.\n', rejected: ' A bee.' })).toEqual(['info white-space chosen']);
    expect(plain({ chosen: ' A horse is.', rejected: ' A bee.' })).toEqual([]);
  });
});
