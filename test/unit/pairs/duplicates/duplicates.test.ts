import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { redundantRows } from '../../../../src/pairs/duplicates/groups';
import { bandsFor, shareCompared } from '../../../../src/pairs/duplicates/minHash';
import { plantedRows, similarityOf } from '../../../bench/plantDuplicates';
import { disputeNames, groupNames, linked } from './printed';

const pair = (prompt: string, chosen = 'Yes, it is.', rejected = 'No idea at all.') => ({ prompt, chosen, rejected });
const long =
  'the old harbour master counted every boat that came in before the storm and wrote each name into a green book';

describe('equal rows', () => {
  it('are exact if their texts are, and normalised if only case, spaces, punctuation or compatible forms differ', async () => {
    const rows = [
      pair('Is ﬁve odd?'),
      pair('Is ﬁve odd?'),
      pair('is FIVE  odd'),
      pair('Is six odd?'),
      pair('Is six, odd!'),
    ];
    expect(await groupNames(rows)).toEqual(['normalised 0,1,2', 'normalised 3,4']);
    expect(await groupNames(rows.slice(0, 2))).toEqual(['exact 0,1']);
  });

  it('are the same as texts and as messages, unless a turn is added or a role is another', async () => {
    const turn = (role: string, content: string) => ({ role, content });
    const chat = {
      prompt: [turn('user', 'Is it?')],
      chosen: [turn('assistant', 'Yes.')],
      rejected: [turn('assistant', 'No.')],
    };
    const system = { ...chat, prompt: [turn('system', 'Be kind.'), turn('user', 'Is it?')] };
    expect(await groupNames([pair('Is it?', 'Yes.', 'No.'), chat, system])).toEqual(['exact 0,1']);
  });

  it('differ by symbols, which are words, and by the label of a judged answer', async () => {
    expect(await groupNames([pair('1 + 1'), pair('1 = 1'), pair('👍'), pair('👎')])).toEqual([]);
    const judged = (label: boolean) => ({ prompt: 'Is it?', completion: 'Yes.', label });
    expect(await groupNames([judged(true), judged(false), judged(true)])).toEqual(['exact 0,2']);
  });

  it('with texts of punctuation alone are compared by it', async () => {
    expect(await groupNames([pair('?!', '…', '—'), pair('!!', '…', '—'), pair('?!', '…', '—')])).toEqual(['exact 0,2']);
  });
});

describe('near duplicates', () => {
  it('are found by words in scripts with spaces and by characters in others', async () => {
    const chinese = '昨天晚上港口的老船长在暴风雨来临之前数了每一艘船并把名字写进一本绿色的书里然后他慢慢地走回家去了';
    const thai = 'เมื่อคืนนี้กัปตันเฒ่านับเรือทุกลำที่เข้ามาก่อนพายุและเขียนชื่อแต่ละลำลงในสมุดสีเขียวเล่มหนึ่ง';
    for (const [text, from, to] of [
      [long, 'green', 'red'],
      [chinese, '绿', '红'],
      [thai, 'เขียวเล่ม', 'แดงเล่ม'],
    ] as const) {
      const rows = [{ prompt: text }, { prompt: text.replace(from, to) }, { prompt: [...text].reverse().join('') }];
      expect(
        await groupNames(
          rows.map(({ prompt }) => pair(prompt)),
          'prompt',
          0.7,
        ),
      ).toEqual(['near 0,1']);
    }
  });

  it('of the prompt alone may have any answers', async () => {
    const rows = [pair(long, 'a', 'b'), pair(`${long} again`, 'c', 'd')];
    expect(await groupNames(rows)).toEqual(['near 0,1']);
    expect(await groupNames(rows, 'prompt')).toEqual(['near 0,1']);
    expect(await groupNames(rows, 'chosen')).toEqual([]);
  });

  it('are nine of ten planted ones and more, and no others', async () => {
    const seed = 20261129;
    const made = [...plantedRows(2000, seed)];
    const rows = made.map(({ row }) => row);
    const planted = made.flatMap(({ planted: one }) => (one ? [one] : []));
    const { links } = await linked(rows);
    const found = Array.from({ length: links.count }, (_, i) => links.at(i));
    const wrong = found.filter(({ earlier, later }) => similarityOf(at(rows, earlier), at(rows, later)) < 0.8);
    const wanted = planted.filter(({ similarity }) => similarity >= 0.8);
    const missed = wanted.filter(({ row, from }) => links.firstOf(row) !== links.firstOf(from));
    expect(wanted.length, `seed ${seed}`).toBeGreaterThan(100);
    expect(wrong, `seed ${seed}`).toEqual([]);
    expect(missed.length / wanted.length, `seed ${seed}`).toBeLessThan(0.05);
  });

  it('at any threshold are compared with a probability of 99.5 % and more', () => {
    for (let threshold = 0.05; threshold < 1; threshold += 0.05) {
      const bands = bandsFor(threshold);
      expect(bands.count * bands.rows).toBeLessThanOrEqual(128);
      if (threshold > 0.06) expect(shareCompared(threshold, bands)).toBeGreaterThanOrEqual(0.995);
    }
    expect(bandsFor(0.8)).toEqual({ count: 21, rows: 6 });
  });
});

describe('rows to delete', () => {
  it('are each like an earlier row that stays', async () => {
    // Each differs from the one before it by a word. The last one is like the third only, which goes.
    const words = long.split(' ');
    const chain = [0, 1, 2, 3].map((n) => words.map((word, i) => (i < n ? `x${word}` : word)).join(' '));
    const { links } = await linked(
      chain.map((prompt) => pair(prompt)),
      'prompt',
      0.8,
    );
    expect(links.firstOf(3)).toBe(0);
    expect([...redundantRows(links)]).toEqual([0, 1, 1, 0]);
  });
});

describe('disputed answers', () => {
  it('are contradictions if both answers are the same, and else chosen in one row and rejected in another', () => {
    expect(disputeNames([pair('Q', 'a', 'b'), pair('q', 'B', 'A.'), pair('R', 'b', 'a')])).toEqual([
      'contradiction 0/1',
    ]);
    expect(disputeNames([pair('Q', 'a', 'b'), pair('Q', 'b', 'c'), pair('Q', 'd', 'd')])).toEqual(['both-sides 1/0']);
    const judged = (label: boolean) => ({ prompt: 'Q', completion: 'Yes.', label });
    expect(disputeNames([judged(true), judged(false)])).toEqual(['contradiction 0/1']);
  });
});
