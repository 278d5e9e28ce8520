/** Writes the API's description as a page: HTML without any script or style in it. */
import { constraintsOf, fieldsOf, type JsonSchema, typeOf } from './reference-schema.js';

export interface Description {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Content };
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: JsonSchema;
}

type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;

interface Place {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** `styles` are relative to the base path. */
export function referencePage(description: Description, basePath: string, styles: readonly string[]): string {
  const { info, tags = [], paths } = description;
  const places = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const subjects = tags.map(({ name }) => ({
    name,
    places: places.filter(({ operation }) => operation.tags?.[0] === name),
  }));
  const filled = subjects.filter((subject) => subject.places.length > 0);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<base href="${escaped(basePath)}/">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(info.title)}</title>`,
    // Without one browsers ask for /favicon.ico, which is not there.
    '<link rel="icon" href="data:,">',
    ...styles.map((style) => `<link rel="stylesheet" href="${escaped(style)}">`),
    '</head><body><main>',
    `<h1>${escaped(info.title)}</h1>`,
    `<p class="needs">Version ${escaped(info.version)}. For programs: <a href="api/v1/openapi.json">OpenAPI</a>.</p>`,
    ...(info.description ?? '').split('\n\n').map((text) => `<p>${prose(text)}</p>`),
    `<nav aria-label="Contents">${filled.map((subject) => contents(subject.name, subject.places, basePath)).join('')}</nav>`,
    ...filled.flatMap((subject) => [`<h2>${escaped(subject.name)}</h2>`, ...subject.places.map(section)]),
    '</main></body></html>\n',
  ].join('\n');
}

/** Anchors are written with the whole path: with a base address `#x` alone would lead to the page. */
function contents(title: string, places: readonly Place[], basePath: string): string {
  const lines = places.map((place) => {
    const target = `${basePath}/api/v1#${anchor(place)}`;
    return `<li><a href="${escaped(target)}">${escaped(place.operation.summary ?? place.path)}</a></li>`;
  });
  return `<p><strong>${escaped(title)}</strong></p><ul>${lines.join('')}</ul>`;
}

function section(place: Place): string {
  const { method, path, operation } = place;
  const { summary = '', description = '', parameters = [], requestBody, responses = {} } = operation;
  const answers = Object.entries(responses);
  return [
    `<section class="operation" id="${anchor(place)}">`,
    `<h3><code><span class="method">${escaped(method)}</span> ${escaped(path)}</code></h3>`,
    `<p>${prose(summary)}</p><p class="needs">${prose(description)}</p>`,
    parameters.length === 0
      ? ''
      : `<h4>In the address</h4><ul class="fields">${parameters.map(parameterLine).join('')}</ul>`,
    bodyOf('Body', requestBody?.content),
    ...answers.map(([status, answer]) => answerOf(status, answer.description ?? '', answer.content)),
    '</section>',
  ].join('\n');
}

function answerOf(status: string, description: string, content: Content | undefined): string {
  const title = `${escaped(status)} ${escaped(description)}`;
  const body = bodyOf('', content);
  return body === '' ? `<p class="needs">${title}</p>` : `<details><summary>${title}</summary>${body}</details>`;
}

function bodyOf(title: string, content: Content | undefined): string {
  const schema = content?.['application/json']?.schema;
  if (schema === undefined) return '';
  return `${title === '' ? '' : `<h4>${title}</h4>`}${schemaList(schema)}`;
}

function parameterLine({ name, required = false, description, schema = {} }: Parameter): string {
  return `<li>${named(name, schema, required)}${described(description ?? schema.description)}</li>`;
}

function schemaList(schema: JsonSchema): string {
  const type = typeOf(schema);
  const fields = fieldsOf(schema).length === 0 ? described(schema.description) : fieldList(schema);
  return type === 'an object' ? fields : `<p class="type">${escaped(type)}</p>${fields}`;
}

function fieldList(schema: JsonSchema): string {
  const lines = fieldsOf(schema).map(({ name, schema: inner, isRequired }) => {
    const deeper = fieldsOf(inner).length === 0 ? '' : fieldList(inner);
    return `<li>${named(name, inner, isRequired)}${described(inner.description)}${deeper}</li>`;
  });
  return `<ul class="fields">${lines.join('')}</ul>`;
}

function named(name: string, schema: JsonSchema, isRequired: boolean): string {
  const facts = [typeOf(schema), ...constraintsOf(schema), ...(isRequired ? [] : ['may be left out'])];
  return `<code>${escaped(name)}</code> <span class="type">${escaped(facts.join(', '))}</span>`;
}

function described(text: string | undefined): string {
  return text === undefined || text === '' ? '' : `<br>${prose(text)}`;
}

function anchor({ method, path }: Place): string {
  return `${method}-${path}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '');
}

/** What stands between backticks is code. */
function prose(text: string): string {
  return escaped(text).replace(/`([^`]*)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
