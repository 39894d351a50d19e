import '../runPanel/soundLanguage';
import 'uplot/dist/uPlot.min.css';
import '../shared/theme.css';
import '../runPanel/chart.css';
import './tokenRewards.css';
import { registerControls } from '../shared/controls';
import { TokenRewardsView } from './tokenRewardsView';

registerControls();
new TokenRewardsView(acquireVsCodeApi());
