import './soundLanguage';
import 'uplot/dist/uPlot.min.css';
import '../shared/theme.css';
import '../shared/filter/filter.css';
import '../shared/chart/chart.css';
import './runPanel.css';
import './pairs/pairs.css';
import './gradient/gradient.css';
import { channelPort } from '../shared/channelPort';
import { registerControls } from '../shared/controls';
import { RunView, type ViewState } from './runView';

registerControls();
const api = acquireVsCodeApi<Partial<ViewState>>();
new RunView(api, channelPort(api));
