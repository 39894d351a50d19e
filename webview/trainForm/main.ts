import '../shared/theme.css';
import './trainForm.css';
import { registerControls } from '../shared/controls';
import { TrainForm } from './trainForm';

registerControls();
new TrainForm(acquireVsCodeApi());
