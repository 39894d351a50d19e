import { alpacaOutputs, alpacaRanking } from './alpaca';
import { alpacaFarm } from './alpacaFarm';
import { rejectedMessage, rejectedResponse, rejectedShareGpt } from './answeredMessages';
import { arena } from './arena';
import { argillaV1 } from './argillaV1';
import { argillaTable, argillaV2 } from './argillaV2';
import { arenaTexts } from './arenaTexts';
import { comparisons } from './comparisons';
import { explicitConversational } from './explicitConversational';
import { explicitPlain } from './explicitPlain';
import type { Format } from './format';
import { h2o } from './h2o';
import { helpSteer2, helpSteer3 } from './helpSteer';
import { implicitConversational } from './implicitConversational';
import { implicitPlain } from './implicitPlain';
import { input } from './input';
import { jsonText } from './jsonText';
import { type JudgedFormat, unpaired } from './judged';
import { bedrock } from './bedrock';
import { beaverTails, labelledAlpaca, labelledMessages } from './labelled';
import { labelledQuestion, labelledShareGpt, labelledSystem } from './labelledQuestion';
import { labelStudio, labelStudioMin } from './labelStudio';
import type { ListFormat } from './listFormat';
import { messagesRanking } from './messagesRanking';
import { namedSides } from './namedSides';
import { nectar } from './nectar';
import { nemoAligner } from './nemoAligner';
import { nemoRl } from './nemoRl';
import { openAi } from './openAi';
import { openWebUi, openWebUiPair } from './openWebUi';
import { promptfoo, promptfooTable } from './promptfoo';
import { query } from './query';
import { question } from './question';
import { responses } from './responses';
import { rewardBench2 } from './rewardBench2';
import { safeRlhf } from './safeRlhf';
import { generations, scoredAnswers, scoredLists } from './scoredLists';
import { shareGptLists } from './shareGptLists';
import { shareGptRanking } from './shareGptRanking';
import { chosenConversations, chosenMessages, realAndGenerated, rejectedMessages } from './sharedLists';
import { shp } from './shp';
import { stepAnswers } from './stepAnswers';
import { stackExchange } from './stackExchange';
import { stackPairs } from './stackPairs';
import { summaries } from './summaries';
import { systemLists } from './systemLists';
import { systemPrompt } from './systemPrompt';
import { textWithMessages } from './textWithMessages';
import { transcript } from './transcript';
import { webGpt } from './webGpt';
import { ultraFeedback } from './ultraFeedback';
import { winner } from './winner';
import { vertex } from './vertex';
import { wholeConversations } from './wholeConversations';

/**
 * The formats, in the order in which they are tried. More specific ones come first: a format comes before another one
 * that would read its rows with fewer keys.
 */
export const formats: readonly Format[] = [
  wholeConversations,
  systemPrompt,
  explicitConversational,
  jsonText,
  stepAnswers,
  explicitPlain,
  systemLists,
  messagesRanking,
  implicitConversational,
  textWithMessages,
  shareGptRanking,
  shareGptLists,
  openAi,
  chosenConversations,
  chosenMessages,
  rejectedMessages,
  realAndGenerated,
  rejectedResponse,
  rejectedShareGpt,
  rejectedMessage,
  query,
  nemoAligner,
  responses,
  h2o,
  helpSteer2,
  helpSteer3,
  nemoRl,
  bedrock,
  vertex,
  safeRlhf,
  shp,
  arena,
  arenaTexts,
  summaries,
  webGpt,
  alpacaFarm,
  argillaV1,
  argillaV2,
  argillaTable,
  labelStudio,
  labelStudioMin,
  openWebUiPair,
  promptfooTable,
  stackPairs,
  alpacaOutputs,
  alpacaRanking,
  question,
  input,
  winner,
  namedSides,
  transcript,
  implicitPlain,
];

/** The shapes of single judged answers. They are tried before those of pairs: no pair has a label of its own. */
export const judgedFormats: readonly JudgedFormat[] = [
  labelledSystem,
  unpaired,
  labelledMessages,
  labelledAlpaca,
  labelledShareGpt,
  labelledQuestion,
  beaverTails,
  openWebUi,
  promptfoo,
];

/** The shapes of lists of answers, in the order in which they are tried. All others are tried before them. */
export const listFormats: readonly ListFormat[] = [
  ultraFeedback,
  nectar,
  stackExchange,
  comparisons,
  generations,
  scoredLists,
  scoredAnswers,
  rewardBench2,
];
