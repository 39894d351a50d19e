import { Environment, Interpreter, Template } from '@huggingface/jinja';

/** Evaluations of one rendering. A conversation of a thousand turns takes about 100,000; these take about a second. */
const maxSteps = 2_000_000;
/** Characters that operators, filters and calls of one rendering may make, an item of a list counted as 32. */
const maxMade = 1 << 27;
const itemSize = 32;

/** What makes a new text or list; all else hands on what there is. */
const making: ReadonlySet<string> = new Set([
  'BinaryExpression',
  'FilterExpression',
  'CallExpression',
  'SliceExpression',
  'ArrayLiteral',
  'TupleLiteral',
  'For',
  'CallStatement',
  'FilterStatement',
]);

/** A rendering that was ended, and took about a second until then. */
export class TemplateLimitError extends Error {
  override readonly name = 'TemplateLimitError';
}

type Evaluate = Interpreter['evaluate'];

/** Counts what a template does, so that a stranger's file cannot keep the process busy for ever or fill its memory. */
class CountingInterpreter extends Interpreter {
  private steps = 0;
  private made = 0;

  override evaluate(...[statement, environment]: Parameters<Evaluate>): ReturnType<Evaluate> {
    if (++this.steps > maxSteps)
      throw new TemplateLimitError(
        `it was not done after ${maxSteps.toLocaleString('en')} steps; does it loop for ever?`,
      );
    const result = super.evaluate(statement, environment);
    if (statement && making.has(statement.type)) {
      this.made += sizeOf(result.value);
      if (this.made > maxMade) throw tooLarge();
    }
    return result;
  }
}

const tooLarge = (): Error =>
  new TemplateLimitError(`what it makes is larger than ${maxMade.toLocaleString('en')} characters`);

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return Array.isArray(value) ? value.length * itemSize : 0;
}

/**
 * A parsed template as text, as the library's own `render` gives it, but within bounds.
 *
 * @throws Error where the template raises one, or goes beyond the bounds
 */
export function renderBounded(template: Template, values: Readonly<Record<string, unknown>>): string {
  const environment = new Environment();
  for (const [name, value] of Object.entries({ ...globals, ...values })) environment.set(name, value);
  return String(new CountingInterpreter(environment).run(template.parsed).value);
}

/** The library's globals (@huggingface/jinja `setupGlobals`, which it does not export). */
const globals: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  raise_exception(message: unknown): never {
    throw new Error(String(message));
  },
  range(first: number, end?: number, step = 1): number[] {
    const [start, stop] = end === undefined ? [0, first] : [first, end];
    if (step === 0) throw new Error('range() step must not be zero');
    const length = Math.max(0, Math.ceil((stop - start) / step));
    if (!(length * itemSize <= maxMade)) throw tooLarge();
    return Array.from({ length }, (_, i) => start + i * step);
  },
  strftime_now: (format: unknown): string => new Template('{{ strftime_now(format) }}').render({ format }),
};
