import '../runPanel/soundLanguage';
import 'uplot/dist/uPlot.min.css';
import '../shared/theme.css';
import '../shared/chart/chart.css';
import './tokenRewards.css';
import { registerControls } from '../shared/controls';
import { TokenRewardsView } from './tokenRewardsView';

registerControls();
new TokenRewardsView(acquireVsCodeApi());
