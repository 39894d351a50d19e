import '../shared/theme.css';
import './duplicates.css';
import { channelPort } from '../shared/channelPort';
import { registerControls } from '../shared/controls';
import { DuplicatesTab } from './duplicatesTab';

registerControls();
new DuplicatesTab(channelPort(acquireVsCodeApi()));
