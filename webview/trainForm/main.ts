import '../runPanel/soundLanguage';
import 'uplot/dist/uPlot.min.css';
import '../shared/theme.css';
import '../shared/chart/chart.css';
import './trainForm.css';
import { registerControls } from '../shared/controls';
import { TrainForm } from './trainForm';

registerControls();
new TrainForm(acquireVsCodeApi());
