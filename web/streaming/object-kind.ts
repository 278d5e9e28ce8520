/** One of the four lists of the Subscription Object: its fields in the form, and its words. */
export interface ObjectKind {
  readonly list: 'extensions' | 'extensionGroups' | 'trunks' | 'dids';
  readonly isOn: 'enableExtensions' | 'enableExtensionGroups' | 'enableTrunks' | 'enableDids';
  readonly title: string;
  readonly words: string;
  readonly one: string;
  readonly example: string;
  readonly none: string;
}
