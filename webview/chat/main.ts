import '../shared/theme.css';
import './chat.css';
import { registerControls } from '../shared/controls';
import { ChatPage } from './chatPage';

registerControls();
new ChatPage(acquireVsCodeApi());
