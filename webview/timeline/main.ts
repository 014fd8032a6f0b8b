import './timeline.css';
import { registerControls } from '../controls.ts';
import { vscodeApi } from '../vscodeApi.ts';
import { TimelinePage } from './timelinePage.ts';

registerControls();
const page = new TimelinePage(vscodeApi());
document.body.append(page.element);
page.start();
