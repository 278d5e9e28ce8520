/** Writes docs/settings.md from the built table of settings: `npm run docs:settings`. */
import { writeFileSync } from 'node:fs';
import { settingsPage } from '../dist/src/core/settings/settings-docs.js';

writeFileSync(new URL('../docs/settings.md', import.meta.url), settingsPage());
