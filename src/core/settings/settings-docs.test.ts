import { expect, test } from '@jest/globals';
import { settingsPage } from './settings-docs.js';
import { environmentName, flagName, SETTING_KEYS } from './settings-table.js';

test('the page has every setting with its variable and its flag', () => {
  const page = settingsPage();
  for (const key of SETTING_KEYS) {
    expect(page).toContain(`### \`${key}\`\n`);
    expect(page).toContain(`- Variable: \`${environmentName(key)}\`\n- Flag: \`${flagName(key)}\`\n`);
  }
});
