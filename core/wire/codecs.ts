import type { Exchange } from '../history/exchange.ts';
import type { Codec } from './codec.ts';
import { grpcCodec } from './grpc/codec.ts';
import { httpJsonCodec } from './http-json/codec.ts';
import { jsonRpcCodec } from './jsonrpc/codec.ts';

/** Every binding that can be read, by the name that a card gives it. */
export const codecs: ReadonlyMap<string, Codec> = new Map(
  [jsonRpcCodec, httpJsonCodec, grpcCodec].map((codec) => [codec.binding, codec]),
);

/** The codec of an exchange's interface; undefined for what was spoken to no interface, or over another binding. */
export const codecOf = ({ interface: ref }: Pick<Exchange, 'interface'>): Codec | undefined =>
  ref === null ? undefined : codecs.get(ref.binding);
