import '../runPanel/soundLanguage';
import 'uplot/dist/uPlot.min.css';
import '../shared/theme.css';
import '../agreement/agreement.css';
import '../shared/chart/chart.css';
import './runComparison.css';
import { channelPort } from '../shared/channelPort';
import { registerControls } from '../shared/controls';
import { RunComparisonPage } from './comparisonPage';
import type { ViewState } from './viewState';

registerControls();
const api = acquireVsCodeApi<Partial<ViewState>>();
new RunComparisonPage(api, channelPort(api));
