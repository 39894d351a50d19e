import '../shared/theme.css';
import './round.css';
import { channelPort } from '../shared/channelPort';
import { registerControls } from '../shared/controls';
import { RoundTab, type ViewState } from './roundTab';

registerControls();
const api = acquireVsCodeApi<ViewState>();
new RoundTab(api, channelPort(api));
