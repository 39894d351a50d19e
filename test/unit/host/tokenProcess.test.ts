import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { TokenProcess } from '../../../src/host/tokens/tokenProcess';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import { temporaryFolder } from '../run/temporaryFolder';

const config = parseTrainConfig('{"model_name_or_path": "m", "train_file": "a.jsonl"}', '/home/ada/a.train.json');

/** A program that answers each row with its length, fails on "fail" and dies on "die". */
const program = `process.on('message', ({ id, asked: { texts } }) => {
  if (texts[0] === 'die') process.exit(3);
  if (texts[0] === 'fail') process.send({ id, code: 'no-chat-template', message: 'There is no template.' });
  else process.send({ id, found: texts.map((text) => ({ length: text.length, lost: 0, dropped: null })) });
});
process.on('disconnect', () => process.exit(0));
`;

async function opened(): Promise<TokenProcess> {
  const script = join(await temporaryFolder(), 'program.cjs');
  await writeFile(script, program);
  const tokens = new TokenProcess(script);
  onTestFinished(() => tokens.close());
  return tokens;
}

it('answers questions in any number at a time, and passes on errors with their code', async () => {
  const tokens = await opened();
  const found = await Promise.all(['a', 'bb', 'ccc'].map((text) => tokens.rows(config, [text])));
  expect(found.flat().map(({ length }) => length)).toEqual([1, 2, 3]);
  await expect(tokens.rows(config, ['fail'])).rejects.toMatchObject({ code: 'no-chat-template' });
});

it('that dies fails its questions with a sentence, and answers the next one', async () => {
  const tokens = await opened();
  await expect(tokens.rows(config, ['die'])).rejects.toMatchObject({
    code: 'tokens-died',
    message: 'The process that shows tokens ended (3). Try again.',
  });
  expect(await tokens.rows(config, ['again'])).toMatchObject([{ length: 5 }]);
});
