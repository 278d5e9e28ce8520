/** Puts the page into the document. */
import './style/main.css';
import { render } from 'preact';
import { App } from './app.js';
import { startClock } from './shell/clock.js';
import { guardLeaving, startRouter } from './shell/router.js';
import { isDirty } from './streaming/streaming-form.js';

const place = document.getElementById('page');
if (place !== null) {
  guardLeaving(() => isDirty.value);
  startRouter();
  startClock();
  render(<App />, place);
}
