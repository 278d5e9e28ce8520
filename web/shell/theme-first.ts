/** Runs before the first paint, so that a page chosen to be dark never flashes white. */
import { keptTheme, showTheme } from './kept-theme.js';

showTheme(keptTheme());
