/** A JSON Schema in words: what it is, what it must be, and which fields it has. */

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface SchemaField {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
  object: 'an object',
  array: 'a list',
};

/** Such as `a list of objects`, `text or null`, or the values themselves. */
export function typeOf(schema: JsonSchema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.format === 'date-time') return 'a time (ISO 8601)';
  if (schema.prefixItems !== undefined) return `a list of ${schema.prefixItems.length}`;
  if (schema.type === 'array' && schema.items) return `a list of ${typeOf(schema.items)}`;
  const types = schema.type === undefined ? [] : [schema.type].flat();
  return types.length === 0 ? 'anything' : types.map((type) => NAMES[type] ?? type).join(' or ');
}

/** The limits, in words. */
export function constraintsOf(schema: JsonSchema): string[] {
  const { minimum, maximum, minLength, maxLength, maxItems } = schema;
  return [
    minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}` : undefined,
    minimum !== undefined && maximum === undefined ? `at least ${minimum}` : undefined,
    maximum !== undefined && minimum === undefined ? `at most ${maximum}` : undefined,
    minLength === undefined ? undefined : minLength === 1 ? 'not empty' : `at least ${minLength} characters`,
    maxLength === undefined ? undefined : `at most ${maxLength} characters`,
    maxItems === undefined ? undefined : `at most ${maxItems} items`,
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`,
  ].filter((text) => text !== undefined);
}

/** Those of the object itself, of the objects in a list, or of the object that it is unless it is null. */
export function fieldsOf(schema: JsonSchema): SchemaField[] {
  if (schema.properties !== undefined) {
    const { required = [] } = schema;
    const entries = Object.entries(schema.properties);
    return entries.map(([name, inner]) => ({ name, schema: inner, isRequired: required.includes(name) }));
  }
  if (schema.items) return fieldsOf(schema.items);
  const [first] = (schema.anyOf ?? schema.oneOf ?? []).map(fieldsOf).filter((fields) => fields.length > 0);
  if (first !== undefined) return first;
  return typeof schema.additionalProperties === 'object' ? fieldsOf(schema.additionalProperties) : [];
}
