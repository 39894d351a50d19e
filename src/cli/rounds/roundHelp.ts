import { columnsHelp } from '../columnsOption';
import { pairRuleHelp } from '../pairRuleOptions';
import { endpointHelp } from './endpointOption';
import { judgeHelp } from './judgeOption';
import { roundsHelp } from './roundsOption';

export const roundHelp = `margin round NAME [--judge person] [--reference base|previous] [--mix SHARE [--mix_file FILE]]
margin round NAME --rounds 3 --judge reward --rule FILE    The loop without a person.
margin round NAME --pairs_only

Trains the last round of NAME on the pairs of a judge, from the model that the round before trained, and measures it:

  held-out accuracy   how often the chosen answer of --held_out has the higher mean log-prob per token, with its 95 %
                      interval (Wilson). It needs no reference, so the base and all rounds are on one line.
  win rate            how often its answers to held-out prompts beat those of the policy before, and of the base, as the
                      judge says; a model is asked in both orders. A tie counts half.
  guard               the loss of the language model on --guard_file, before and after.

Without a run yet, a judge other than the person first judges the drafts that it has not judged. Ctrl+C saves; the same
command goes on.

  --judge J             Whose judgements become pairs: person (default), or one of those below.
  --measure_with J      Who compares answers for the win rate, if the pairs are a person's: one of those below.
  --reference R         What the run is compared with while it trains: base (default), or previous, the policy that it
                        starts from, so that each round may move as far again.
  --mix SHARE           The share of old pairs among the trained ones, from 0 (default) to 0.9: of --mix_file, or of
                        earlier rounds.
  --rounds N            Drafts, judges, trains and measures until NAME has N rounds, with the settings of the last.
                        No person sees a pair. What rises is what the judge rewards, which may be less than you want.
  --pairs_only          Only writes the pairs (round-K/pairs.jsonl) and says how many there are.
  --held_out FILE       Pairs on which every round is measured; margin draft takes it too.
  --guard_file FILE     A text on which every round measures the language model.
  --measure_prompts N   The most held-out prompts that are answered; default 100.
  --config FILE         A *.train.json with the other keys of the run. Default: LoRA on all linear layers, r=8.
  --learning_rate R     Default 2e-4.
  --epochs N            Passes over the pairs; default 2.
  --beta B              Default 0.1.
  --output_dir DIR      The folder of runs; default .margin/runs.
${judgeHelp}
${roundsHelp}
${endpointHelp}
  --json                Prints {"progress": …} and {"pairs": …}, at last {"rounds": …}, the content of rounds.json.
${columnsHelp}
${pairRuleHelp}

Exit code: 0 success; 1 failed or stopped; 2 wrong usage.`;
