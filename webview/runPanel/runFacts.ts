import type { RunDetail, RunSummary } from '../../src/protocol/runPanel';
import { compact, duration, megabytes } from '../shared/format';
import { scoringText } from './scoringText';
import { strings } from './strings';

type Config = RunDetail['config'];

/**
 * The facts about a run after its step in the header: scoring, best evaluation, reference, time left, speed, memory.
 */
export function runFacts(run: RunSummary, config: Config): string {
  return [scoringText(run.scoring), bestOf(run, config), referenceOf(config), ...speedOf(run)]
    .filter((text) => text !== '')
    .join(' · ');
}

/** The best evaluation; empty if the run does not compare evaluations. */
function bestOf({ state, status }: RunSummary, config: Config): string {
  if (!state?.best) return '';
  const { step, metric, value } = state.best;
  const hasEndedOnBest = status === 'done' && config?.config.load_best_model_at_end === true;
  return (hasEndedOnBest ? strings.endedOnBest : strings.best)(step, metric, compact(value));
}

/** The reference of a run that starts from an adapter, where there are two possible ones; else empty. */
function referenceOf(config: Config): string {
  if (config === null) return '';
  // Configs of older runs have neither key.
  const known: Partial<typeof config.config> = config.config;
  const { adapter_name_or_path: adapter = null, ref_model: reference = 'start', trainer } = known;
  return adapter === null || trainer === 'cpo' || trainer === 'orpo' ? '' : strings.reference[reference];
}

function speedOf({ state, status }: RunSummary): string[] {
  if (!state) return [];
  const { eta, rows_read: rows, pairs_per_second: pairs, tokens_per_second: tokens, memory } = state;
  return [
    status === 'starting' && rows !== null ? strings.rowsRead(rows.toLocaleString('en')) : '',
    eta === null || status === 'done' || status === 'lost' ? '' : strings.left(duration(eta)),
    pairs === null ? '' : strings.pairsPerSecond(pairs.toPrecision(3)),
    tokens === null ? '' : strings.tokensPerSecond(Math.round(tokens).toLocaleString('en')),
    memory === null ? '' : megabytes(memory),
  ];
}
