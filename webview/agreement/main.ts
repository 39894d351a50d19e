import '../shared/theme.css';
import './agreement.css';
import { channelPort } from '../shared/channelPort';
import { registerControls } from '../shared/controls';
import { AgreementPage, type ViewState } from './agreementPage';

registerControls();
const api = acquireVsCodeApi<ViewState>();
new AgreementPage(api, channelPort(api));
