import { describe, expect, it } from 'vitest';
import { TimeLimit } from '../../../src/base/node/timeLimit';
import { ChatTemplate } from '../../../src/model/chatTemplate';

const limit = new TimeLimit(5000, 'slow-tokenizer', 'The template takes too long.');
const turns = [{ role: 'user', content: 'Hi' }];
const render = (source: string): string => new ChatTemplate(source, 'f', {}, limit).render(turns, false);

describe('a chat template reaches nothing outside its own values', () => {
  it.each([
    "{{ ''.constructor }}",
    '{{ messages.constructor }}',
    '{{ messages.__proto__ }}',
    "{{ messages[0]['__proto__'] }}",
    '{{ messages[0].toString }}',
    '{{ range.constructor }}',
    '{{ constructor }}{{ __proto__ }}{{ process }}{{ require }}{{ globalThis }}',
  ])('%s is empty', (source) => {
    expect(render(source)).toBe('');
  });

  it.each([
    "{{ raise_exception.constructor('return process')() }}",
    "{{ namespace.constructor('return process')() }}",
    "{{ 'a'.replace.constructor('return process')() }}",
    "{{ messages.map.constructor('return process')() }}",
    "{% include 'tokenizer.json' %}",
    "{% import 'a' as b %}",
  ])('%s is an error', (source) => {
    expect(() => render(source)).toThrow(/^f: chat_template failed/);
  });

  it('a key of its namespace changes no object of the program', () => {
    render("{% set ns = namespace() %}{% set ns.__proto__ = 'x' %}{% set ns.constructor = 'y' %}");
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect({}.constructor).toBe(Object);
  });
});

describe('a chat template that is nested deep is an error, and never overflows the stack', () => {
  const deep = 20_000;
  it.each([
    ['brackets', `{{ ${'('.repeat(deep)}1${')'.repeat(deep)} }}`],
    ['lists', `{{ ${'['.repeat(deep)}1${']'.repeat(deep)} }}`],
    ['sums', `{{ 1${'+1'.repeat(deep)} }}`],
    ['filters', `{{ 'a'${' | trim'.repeat(deep)} }}`],
    ['slices', `{{ messages${'[0:]'.repeat(deep)} }}`],
    ['conditions', `${'{% if 1 %}'.repeat(9000)}${'{% endif %}'.repeat(9000)}`],
  ])('%s', (_, source) => {
    expect(() => render(source)).toThrow(/^f: chat_template failed: .*call stack/);
  });
});
