import '../runPanel/soundLanguage';
import 'uplot/dist/uPlot.min.css';
import '../shared/theme.css';
import '../shared/chart/chart.css';
import './round.css';
import { channelPort } from '../shared/channelPort';
import { registerControls } from '../shared/controls';
import { RoundTab, type ViewState } from './roundTab';

registerControls();
const api = acquireVsCodeApi<ViewState>();
new RoundTab(api, channelPort(api));
