import '../shared/theme.css';
import '../shared/filter/filter.css';
import './pairEditor.css';
import './columns/columns.css';
import './tools/tools.css';
import './review/review.css';
import './compare/compare.css';
import './tokens/tokens.css';
import { registerControls } from '../shared/controls';
import { PairEditor } from './pairEditor';
import type { ViewState } from './viewState';

registerControls();
new PairEditor(acquireVsCodeApi<ViewState>());
