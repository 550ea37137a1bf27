/** What a message is described by. */

export type Scalar = 'string' | 'bytes' | 'bool' | 'int32';
/** Messages whose ProtoJSON is not an object of their fields (https://protobuf.dev/programming-guides/json). */
export type WellKnown = 'Struct' | 'Value' | 'Timestamp' | 'Any';

export interface MessageField {
  readonly number: number;
  readonly type: Scalar | WellKnown | MessageShape | EnumShape;
  /** `map` has string keys. */
  readonly label?: 'repeated' | 'map';
  /** Set or not set, even to the default value: `optional`, or in a oneof. Messages have that in any case. */
  readonly presence?: true;
  /** Members of the same oneof exclude each other. */
  readonly oneof?: string;
}

export interface MessageShape {
  readonly name: string;
  /** By their JSON names. A function, since messages name each other. */
  readonly fields: () => Readonly<Record<string, MessageField>>;
}

export interface EnumShape {
  readonly enum: string;
  /** The number of each is its place. */
  readonly values: readonly string[];
}

export type Type = MessageField['type'];

export const one = (number: number, type: Type = 'string'): MessageField => ({ number, type });
export const many = (number: number, type: Type = 'string'): MessageField => ({ number, type, label: 'repeated' });
export const map = (number: number, type: Type = 'string'): MessageField => ({ number, type, label: 'map' });
export const optional = (number: number, type: Type): MessageField => ({ number, type, presence: true });
export const choice = (oneof: string, number: number, type: Type = 'string'): MessageField => ({
  number,
  type,
  presence: true,
  oneof,
});
export const shape = (name: string, fields: MessageShape['fields']): MessageShape => ({ name, fields });
