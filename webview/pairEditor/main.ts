import '../shared/theme.css';
import './pairEditor.css';
import { registerControls } from '../shared/controls';
import { PairEditor, type ViewState } from './pairEditor';

registerControls();
new PairEditor(acquireVsCodeApi<ViewState>());
