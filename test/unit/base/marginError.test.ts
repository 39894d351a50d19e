import { expect, it } from 'vitest';
import { runInNewContext } from 'node:vm';
import { errorCode, errorMessage, MarginError } from '../../../src/base/pure/marginError';

it('reads the code of a MarginError, of a Node error, and of an error of another realm', () => {
  expect(errorCode(new MarginError('torn', 'It is torn.'))).toBe('torn');
  expect(errorCode(Object.assign(new Error('no'), { code: 'ENOENT' }))).toBe('ENOENT');
  expect(errorCode(runInNewContext("Object.assign(new Error('no'), { code: 'ERR_X' })"))).toBe('ERR_X');
});

it('finds no code in an error without one, in a number as code, and in values that are not errors', () => {
  for (const value of [new Error('no'), { code: 7 }, 'ENOENT', null, undefined])
    expect(errorCode(value)).toBeUndefined();
});

it('reads the message of any thrown value', () => {
  expect(errorMessage(new MarginError('torn', 'It is torn.'))).toBe('It is torn.');
  expect(errorMessage('torn')).toBe('torn');
});
