/** Settings that are changed on the page while the program runs: checked, saved, and taken over as after SIGHUP. */
import { changeInWords } from '../core/settings/change-words.js';
import type { Problem } from '../core/settings/problem.js';
import { differingKeys, isSavedKey, type SavedKey, type SavedValues } from '../core/settings/saved-values.js';
import { revisionOf, type SavedVersions, savedValues, withVersion } from '../core/settings/saved-versions.js';
import { changesIn, effectOf, fieldOf, fingerprintOf, formOf, valuesInForce } from '../core/settings/streaming-form.js';
import { fileProblemOf } from '../io/file-problem.js';
import type { GoodSettings, LoadedSettings } from '../io/settings/load-settings.js';
import type { FieldProblem } from '../io/web/contract/failure.js';
import type { SavedSettings, SettingsChange, SettingsVersion } from '../io/web/contract/settings.js';
import { ApiFailure } from '../io/web/route.js';
import type { ChangeDone, SettingsPort } from '../io/web/settings-routes.js';
import type { SettingsReloads } from './reloads.js';

export interface SettingsChangesOptions {
  readonly reloads: SettingsReloads;
  readonly write: (versions: SavedVersions) => Promise<void>;
  /** How many calls are streamed now. */
  readonly runningCalls: () => number;
  readonly now: () => Date;
}

export interface SavedNotice {
  readonly revision: number;
  readonly savedBy: string;
}

/** A list of thousands of names can have as many faults. */
const MAX_MESSAGE_CHARACTERS = 500;

export class SettingsChanges implements SettingsPort {
  readonly #options: SettingsChangesOptions;
  readonly #listeners: ((notice: SavedNotice) => void)[] = [];
  /** The change under way: the next one waits for it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SettingsChangesOptions) {
    this.#options = options;
  }

  /** Tells whenever something was saved. */
  onSaved(listener: (notice: SavedNotice) => void): void {
    this.#listeners.push(listener);
  }

  present(): SavedSettings {
    const { values, saved, locked } = this.#options.reloads.loaded.forPage;
    const newest = saved.at(-1);
    const { subscriptions, ...form } = formOf(values);
    return {
      revision: revisionOf(saved),
      basis: fingerprintOf(formOf(values)),
      savedAt: newest?.savedAt ?? null,
      savedBy: newest?.savedBy ?? null,
      streaming: { ...form, subscriptions: copyOf(subscriptions) },
      isUnverified: values['streaming.insecure'],
      locked: Object.fromEntries([...locked].map(([key, origin]) => [fieldOf(key), origin])),
    };
  }

  /** The secret that holds, for whoever may read it. */
  secret(): string | undefined {
    return this.#options.reloads.inForce.streaming.secret?.value;
  }

  versions(): SettingsVersion[] {
    const { saved } = this.#options.reloads.loaded.forPage;
    const shown = saved.map(({ revision, savedAt, savedBy, changed }) => ({
      revision,
      savedAt,
      savedBy,
      changed: [...changed],
      isCurrent: revision === revisionOf(saved),
    }));
    return shown.reverse();
  }

  save({ revision, basis, streaming, applyToRunning }: SettingsChange, by: string): Promise<ChangeDone> {
    return this.#inTurn(() => {
      const { values: present, locked } = this.#options.reloads.loaded.forPage;
      const onDisk = this.#loadedNow();
      refuseConflict(revision, onDisk.forPage.saved);
      // Else the form would bring back, and save, what the settings file had before.
      if (basis !== undefined && basis !== fingerprintOf(formOf(present)))
        throw conflict('The settings file was changed');
      const changes = changesIn(streaming, present);
      refuseLocked(changes, locked);
      return this.#put(onDisk, { ...savedValues(onDisk.forPage.saved), ...changes }, by, applyToRunning);
    });
  }

  restore(revision: number, applyToRunning: boolean, by: string): Promise<ChangeDone> {
    return this.#inTurn(() => {
      const onDisk = this.#loadedNow();
      const version = onDisk.forPage.saved.find((saved) => saved.revision === revision);
      if (version === undefined) {
        throw new ApiFailure(404, 'NOT_FOUND', `There is no version ${revision}, or no longer: the last ten are kept.`);
      }
      return this.#put(onDisk, version.values, by, applyToRunning);
    });
  }

  async #put(onDisk: GoodSettings, values: SavedValues, by: string, applyToRunning: boolean): Promise<ChangeDone> {
    const { write, reloads, now } = this.#options;
    const before = valuesInForce(reloads.loaded.forPage.values);
    const { saved } = onDisk.forPage;
    const isNew = differingKeys(savedValues(saved), values).length > 0;
    if (isNew) {
      const next = withVersion(saved, values, { at: now().toISOString(), by });
      refuseFaulty(reloads.readNow(next));
      await write(next).catch((cause: unknown) => {
        const words = `The settings could not be saved, and nothing is changed: ${fileProblemOf(cause)}.`;
        throw new ApiFailure(500, 'NOT_SAVED', words);
      });
    }
    if (isNew || applyToRunning) this.#takeOver(applyToRunning);
    const after = valuesInForce(reloads.loaded.forPage.values);
    const changed = differingKeys(before, after);
    if (isNew) {
      const notice = { revision: revisionOf(reloads.loaded.forPage.saved), savedBy: by };
      for (const listener of this.#listeners) listener(notice);
    }
    return {
      change: {
        settings: this.present(),
        changed: changed.map((key) => ({ key, effect: effectOf(key) })),
        runningCalls: this.#options.runningCalls(),
      },
      words: changeInWords(changed, before, after),
    };
  }

  #takeOver(applyToRunning: boolean): void {
    const problems = this.#options.reloads.reload(applyToRunning);
    if (problems.length === 0) return;
    // Somebody has edited the settings file between our look at it and now.
    throw new ApiFailure(422, 'NOT_APPLIED', `The settings are saved but do not hold yet: ${wordsOf(problems)}`);
  }

  /** What the program would read now. When somebody has put another file in the place of what was saved, it is taken over first. */
  #loadedNow(): GoodSettings {
    const { reloads } = this.#options;
    const loaded = reloads.readNow();
    if (!('problems' in loaded)) {
      if (revisionOf(loaded.forPage.saved) !== revisionOf(reloads.loaded.forPage.saved)) reloads.reload(false);
      return loaded;
    }
    const words = `The settings that the program would read now are not valid, so nothing can be saved: ${wordsOf(loaded.problems)}`;
    throw new ApiFailure(422, 'SETTINGS_INVALID', words);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

function refuseConflict(revision: number, saved: SavedVersions): void {
  const newest = saved.at(-1);
  if (revision === revisionOf(saved)) return;
  throw conflict(
    newest === undefined ? 'What was saved is gone' : `${newest.savedBy} saved other settings at ${newest.savedAt}`,
  );
}

function conflict(what: string): ApiFailure {
  return new ApiFailure(409, 'CONFLICT', `${what}. Reload, and make your change again.`);
}

function refuseLocked(changes: SavedValues, locked: ReadonlyMap<SavedKey, string>): void {
  const problems = [...locked].flatMap(([key, origin]) =>
    key in changes ? [{ field: fieldOf(key), message: `is given by ${origin} and cannot be changed here` }] : [],
  );
  if (problems.length > 0) throw invalid(problems);
}

/** What could wait at a start is to be put right now: whoever saves sits before the page. */
function refuseFaulty(loaded: LoadedSettings): void {
  const problems = 'problems' in loaded ? loaded.problems : loaded.warnings;
  if (problems.length > 0) throw invalid(problems.map(atField));
}

function atField({ key, origin, wrong, allowed }: Problem): FieldProblem {
  if (!isSavedKey(key)) return { field: key, message: wrong };
  const field = fieldOf(key);
  // Only one setting can be missing here.
  if (origin === undefined) return { field, message: 'is needed while WebSocket Audio Streaming is switched on' };
  const isRule = wrong.startsWith('names ');
  const message = isRule || allowed === undefined ? wrong : `${wrong}; ${allowed}`;
  return {
    field,
    message: message.length > MAX_MESSAGE_CHARACTERS ? `${message.slice(0, MAX_MESSAGE_CHARACTERS)}…` : message,
  };
}

function invalid(problems: readonly FieldProblem[]): ApiFailure {
  return new ApiFailure(400, 'INVALID', 'Some of the fields are not valid. Nothing is changed.', problems);
}

function wordsOf(problems: readonly Problem[]): string {
  return problems.map(({ key, wrong }) => `${key} ${wrong}`).join('; ');
}

function copyOf(
  subscriptions: ReturnType<typeof formOf>['subscriptions'],
): SavedSettings['streaming']['subscriptions'] {
  return {
    ...subscriptions,
    extensions: [...subscriptions.extensions],
    extensionGroups: [...subscriptions.extensionGroups],
    trunks: [...subscriptions.trunks],
    dids: [...subscriptions.dids],
  };
}
