import { expect, test } from '@jest/globals';
import { referencePage } from './reference-page.js';
import { constraintsOf, fieldsOf, typeOf } from './reference-schema.js';

test.each([
  [{ type: 'string' }, 'text'],
  [{ type: ['string', 'null'] }, 'text or null'],
  [{ anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] }, 'a time (ISO 8601) or null'],
  [{ type: 'array', items: { type: 'integer' } }, 'a list of a whole number'],
  [{ enum: ['up', 'idle'] }, '"up", "idle"'],
  [{ const: 8000 }, '8000'],
  [{}, 'anything'],
])('%j is %s', (schema, words) => {
  expect(typeOf(schema)).toBe(words);
});

test('limits are told', () => {
  expect(constraintsOf({ minimum: 1, maximum: 300, default: 30 })).toEqual(['1 to 300', 'default 30']);
  expect(constraintsOf({ minLength: 12, maxLength: 256 })).toEqual([
    'at least 12 characters',
    'at most 256 characters',
  ]);
});

test('fields are found in lists and behind null', () => {
  const object = { properties: { a: { type: 'string' }, b: {} }, required: ['a'] };
  const names = (schema: object) => fieldsOf(schema).map(({ name, isRequired }) => [name, isRequired]);
  const expected = [
    ['a', true],
    ['b', false],
  ];
  expect(names(object)).toEqual(expected);
  expect(names({ type: 'array', items: object })).toEqual(expected);
  expect(names({ anyOf: [{ type: 'null' }, object] })).toEqual(expected);
  expect(names({ type: 'string' })).toEqual([]);
});

test('nothing in a description can become a part of the page', () => {
  const evil = `<img src=x onerror=alert(1)>"'&`;
  const schema = { type: 'object', properties: { [evil]: { type: 'string', description: evil } } };
  const content = { 'application/json': { schema } };
  const operation = {
    summary: evil,
    description: evil,
    tags: [evil],
    requestBody: { content },
    responses: { [evil]: { description: evil, content } },
  };
  const info = { title: evil, version: evil, description: evil };
  const page = referencePage({ info, tags: [{ name: evil }], paths: { [`/${evil}`]: { get: operation } } }, evil, [
    evil,
  ]);
  expect(page).not.toContain('<img');
  expect(page).not.toMatch(/="[^"]*[<>]/);
  expect(page.match(/&#60;img/g)?.length).toBeGreaterThan(10);
});
