import '../shared/theme.css';
import './statistics.css';
import { StatisticsView } from './statisticsView';

new StatisticsView(acquireVsCodeApi<unknown>());
