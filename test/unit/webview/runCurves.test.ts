import { describe, expect, it } from 'vitest';
import { CurveStore } from '../../../src/run/curves';
import { choicesOf, defaultChoices } from '../../../webview/runPanel/curveChoices';
import { RunPoints } from '../../../webview/shared/runPoints';
import { leftOut, xAxisOf } from '../../../webview/runPanel/xAxis';
import { svgOf, type Picture } from '../../../webview/shared/chart/picture';
import { runConfig, trainEvent } from '../run/samples';

const names = ['loss', 'eval_loss'];

function storeOf(steps: number): CurveStore {
  const store = new CurveStore();
  store.add(Array.from({ length: steps }, (_, i) => trainEvent(i + 1, { loss: i + 1 })));
  return store;
}

describe('the points of a view', () => {
  it('are all points of the run, fetched by page, and only new ones later', async () => {
    const store = storeOf(1000);
    const asked: number[] = [];
    const ask = async (from: number) => (asked.push(from), store.page(from, 90, names));
    const points = new RunPoints();
    expect(await points.update(ask)).toBe(true);
    expect([...points.points.steps]).toEqual([...store.columns().steps]);
    expect(asked).toHaveLength(12);
    const before = points.points;
    expect(await points.update(ask)).toBe(false);
    expect(points.points).toBe(before);
    store.add([trainEvent(1001, { loss: 7 })]);
    expect(await points.update(ask)).toBe(true);
    expect(asked.slice(12)).toEqual([999, 999]);
    expect(points.points.series['loss']?.at(-1)).toBe(7);
  });

  it('get the evaluation that is added to the last point', async () => {
    const store = storeOf(3);
    const points = new RunPoints();
    const ask = async (from: number) => store.page(from, 90, names);
    await points.update(ask);
    store.add([{ t: 9, step: 3, kind: 'eval', metrics: { eval_loss: 5 } }]);
    expect(await points.update(ask)).toBe(true);
    expect([...(points.points.series['eval_loss'] ?? [])]).toEqual([Number.NaN, Number.NaN, 5]);
  });

  it('are those of a resumed run, even if it resumes between two pages', async () => {
    const store = storeOf(1000);
    let pages = 0;
    const ask = async (from: number) => {
      if (++pages === 4) store.add([trainEvent(150, { loss: -1 }), trainEvent(151, { loss: -2 })]);
      return store.page(from, 90, names);
    };
    const points = new RunPoints();
    await points.update(ask);
    expect([...points.points.steps]).toEqual([...store.columns().steps]);
    expect([...(points.points.series['loss'] ?? [])]).toEqual([...(store.columns().series['loss'] ?? [])]);
  });
});

describe('the horizontal axis', () => {
  const points = {
    steps: Float64Array.of(10, 20, 25),
    times: Float64Array.of(0, 1, 2),
    series: {
      num_tokens: Float64Array.of(100, 200, Number.NaN),
      eval_num_tokens: Float64Array.of(Number.NaN, Number.NaN, 250),
    },
  };
  const config = runConfig({
    config: { ...runConfig().config, per_device_train_batch_size: 4, gradient_accumulation_steps: 2 },
  });

  it('counts steps, seconds, pairs and tokens', () => {
    const x = (name: 'step' | 'time' | 'pairs' | 'tokens') => [...(xAxisOf(name, points, config).x ?? [])];
    expect(x('step')).toEqual([10, 20, 25]);
    expect(x('time')).toEqual([0, 1, 2]);
    expect(x('pairs')).toEqual([80, 160, 200]);
    expect(x('tokens')).toEqual([100, 200, 250]);
  });

  it('says why a run does not have one', () => {
    expect(xAxisOf('epoch', points, config)).toMatchObject({ x: null, missing: 'the events have no epoch' });
    expect(xAxisOf('pairs', points, null).missing).toMatch('config.json');
    expect(leftOut(Float64Array.of(1, Number.NaN))).toBe(1);
  });
});

describe('remembered settings', () => {
  it('come back, and unknown values become the default', () => {
    const chosen = { ...defaultChoices, x: 'tokens' as const, smoothing: 0.9, clip: true };
    expect(choicesOf(JSON.parse(JSON.stringify(chosen)) as typeof chosen)).toEqual(chosen);
    expect(choicesOf({ x: 'moons', smoothing: 7, logY: 'yes' })).toEqual(defaultChoices);
  });
});

describe('a saved picture', () => {
  it('is an SVG of all charts in which texts of a run do no harm', () => {
    const stroke = { colour: '#f00', dash: [5, 3], width: 1, alpha: 1 };
    const picture: Picture = {
      title: 'loss <script>',
      width: 200,
      height: 100,
      across: 'step',
      left: 30,
      right: 190,
      grid: [20],
      legends: [{ label: 'train', value: '0.5', stroke }],
      ticks: [{ x: 30, y: 95, text: '10', end: false }],
      lines: [{ stroke, points: [30, 40, 60.25, 20] }],
      colours: { text: '#000', background: '#fff', font: 'sans' },
      canvas: {} as HTMLCanvasElement,
    };
    const svg = svgOf([picture, picture, picture, picture]);
    expect(svg).toContain('loss &lt;script&gt;');
    expect(svg).toContain('d="M30.0 40.0L60.3 20.0" stroke="#f00" stroke-width="1" opacity="1" stroke-dasharray="5 3"');
    expect(svg.match(/<clipPath/g)).toHaveLength(4);
  });
});
