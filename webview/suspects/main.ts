import '../shared/theme.css';
import './suspects.css';
import { channelPort } from '../shared/channelPort';
import { registerControls } from '../shared/controls';
import { SuspectsTab } from './suspectsTab';

registerControls();
new SuspectsTab(channelPort(acquireVsCodeApi()));
