import '../shared/theme.css';
import '../agreement/agreement.css';
import './modelComparison.css';
import { channelPort } from '../shared/channelPort';
import { registerControls } from '../shared/controls';
import { ComparisonPage, type ViewState } from './comparisonPage';

registerControls();
const api = acquireVsCodeApi<ViewState>();
new ComparisonPage(api, channelPort(api));
