import '../shared/theme.css';
import './sweep.css';
import { channelPort } from '../shared/channelPort';
import { registerControls } from '../shared/controls';
import { SweepPage } from './sweepPage';

registerControls();
new SweepPage(channelPort(acquireVsCodeApi()));
