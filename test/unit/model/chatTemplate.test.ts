import { Template } from '@huggingface/jinja';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MarginError } from '../../../src/base/pure/marginError';
import { ChatTemplate } from '../../../src/model/chatTemplate';
import { limit } from './limit';

const turns = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello' },
];
const rendered = (source: string): string =>
  new ChatTemplate(source, 'model/tokenizer_config.json', {}, limit).render(turns, false);

function failure(source: string): unknown {
  try {
    return rendered(source);
  } catch (error) {
    return error;
  }
}

describe('a chat template', () => {
  it.each([
    [
      'loops for too long',
      '{% for a in range(4000) %}{% for b in range(4000) %}{% set c = a * b %}{% endfor %}{% endfor %}',
      'loop forever',
    ],
    ['calls itself without end', '{% macro again(n) %}{{ again(n + 1) }}{% endmacro %}{{ again(0) }}', ''],
    ['asks for a list of a billion', '{% for a in range(1000000000) %}x{% endfor %}', 'larger than'],
    ['asks for a list without end', '{% for a in range(0, 1, 0) %}x{% endfor %}', 'step'],
    ['asks for a list of unknown size', '{% for a in range("a") %}x{% endfor %}', 'larger than'],
    [
      'doubles a text again and again',
      "{% set ns = namespace(s='ab') %}{% for a in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}",
      'larger than',
    ],
    [
      'doubles a list again and again',
      '{% set ns = namespace(s=[1]) %}{% for a in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s | length }}',
      'larger than',
    ],
    [
      'multiplies a text by filters',
      "{% set ns = namespace(s='aa') %}{% for a in range(60) %}{% set ns.s = ns.s | replace('a', ns.s) %}{% endfor %}{{ ns.s }}",
      '',
    ],
    [
      'collects lists',
      '{% set ns = namespace(s=[]) %}{% for a in range(100000) %}{% set ns.s = ns.s + [messages[:]] %}{% endfor %}',
      'larger than',
    ],
    ['raises an exception', "{{ raise_exception('roles must alternate') }}", 'roles must alternate'],
  ])('that %s is stopped, and the message names file and reason', (_, source, says) => {
    const error = failure(source);
    expect(error).toBeInstanceOf(MarginError);
    expect(error).toMatchObject({
      code: 'bad-template',
      message: expect.stringMatching(/^model\/tokenizer_config\.json: chat_template failed: ./),
    });
    expect(String(error)).toContain(says);
  });

  it('for a very long chat is rendered', () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({
      role: i % 2 === 0 ? 'user' : 'assistant',
      content: 'word '.repeat(200),
    }));
    const source =
      "{% for m in messages %}{% if m['role'] == 'user' %}{{ '<u>' + m['content'] | trim + '</u>' }}{% else %}{{ '<a>' + m['content'] | trim + '</a>' }}{% endif %}{% endfor %}";
    expect(new ChatTemplate(source, 'f', {}, limit).render(many, false)).toHaveLength(2000 * (200 * 5 - 1 + 7));
  });

  it('gives the same text as the library’s own render', () => {
    const { chat_template: sample } = JSON.parse(readFileSync('media/sample/model/tokenizer_config.json', 'utf8')) as {
      chat_template: string;
    };
    const sources = [
      sample,
      '{{ range(3) | join }}{{ range(5, 1, -2) | join(",") }}{{ none is none }}{{ True }}{{ strftime_now("%Y") }}{% for m in messages %}{{ loop.index }}{{ m | tojson }}{% endfor %}',
    ];
    for (const source of sources)
      expect(rendered(source)).toBe(
        new Template(source).render({ messages: turns, add_generation_prompt: false, tools: null }),
      );
  });
});
