/** The requests about the settings of WebSocket Audio Streaming. */
import { API } from '../../src/io/web/contract/endpoints.js';
import type {
  ConnectionTest,
  ConnectionTestResult,
  SavedChange,
  SavedSettings,
  SettingsChange,
  SettingsVersion,
  SubscriptionObjects,
} from '../../src/io/web/contract/settings.js';
import { addressOf, request } from './request.js';

export const readSettings = () => request<SavedSettings>('GET', addressOf(API.settings));

export const saveSettings = (change: SettingsChange) => request<SavedChange>('PUT', addressOf(API.settings), change);

export const testConnection = (test: ConnectionTest) =>
  request<ConnectionTestResult>('POST', addressOf(API.settingsTest), test);

export const listVersions = () => request<SettingsVersion[]>('GET', addressOf(API.settingsVersions));

export const restoreVersion = (revision: number) =>
  request<SavedChange>('POST', addressOf(API.settingsRestore, { revision: String(revision) }));

export const listSubscriptionObjects = () => request<SubscriptionObjects>('GET', addressOf(API.subscriptionObjects));
