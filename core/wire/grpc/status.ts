import { grpcStatusNames, type GrpcStatusName } from '../../../protocol/grpc-status.ts';
import { header, type Headers, type WireResponse } from '../../history/exchange.ts';
import { decodeMessage } from './protobuf.ts';

/** How a call ended, as its trailers say. */
export interface CallStatus {
  /** As received: `5`. */
  readonly text: string;
  /** Undefined for what is no number of `google.rpc.Code`. */
  readonly name: GrpcStatusName | undefined;
  /** `grpc-message`, percent-decoded; undefined where absent. */
  readonly message: string | undefined;
  /** `google.rpc.Status` of `grpc-status-details-bin`; undefined where absent. */
  readonly details: StatusDetails | undefined;
}

export type StatusDetails = { readonly value: Readonly<Record<string, unknown>> } | { readonly why: string };

/** Trailers, or the only header block of a call that failed at once ("Trailers-Only"). */
export const statusFields = ({ headers, trailers = [] }: Pick<WireResponse, 'headers' | 'trailers'>): Headers =>
  header(trailers, 'grpc-status') === undefined ? headers : trailers;

/** Undefined where no `grpc-status` came. */
export function statusOf(response: Pick<WireResponse, 'headers' | 'trailers'>): CallStatus | undefined {
  const fields = statusFields(response);
  const text = header(fields, 'grpc-status');
  if (text === undefined) return undefined;
  const message = header(fields, 'grpc-message');
  const details = header(fields, 'grpc-status-details-bin');
  return {
    text,
    name: /^\d{1,2}$/.test(text) ? grpcStatusNames[Number(text)] : undefined,
    message: message === undefined ? undefined : percentDecoded(message),
    details: details === undefined ? undefined : detailsOf(details),
  };
}

/** gRPC: UTF-8 whose odd bytes are written as %XX; what is no such escape stays. */
function percentDecoded(text: string): string {
  const bytes = text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
  return bytes;
}

/** Binary fields are base64, with padding or without. */
function detailsOf(text: string): StatusDetails {
  if (!/^[A-Za-z0-9+/_-]*=*$/.test(text)) return { why: 'grpc-status-details-bin is no base64' };
  const decoded = decodeMessage('google.rpc.Status', Buffer.from(text, 'base64'));
  return 'why' in decoded ? decoded : { value: decoded.value };
}

/** A status as `google.rpc.Status` in ProtoJSON, for reports and judges: the details as received, else what the fields say. */
export function statusJson({ text, name, message, details }: CallStatus): Readonly<Record<string, unknown>> {
  if (details !== undefined && 'value' in details) return details.value;
  return { code: name === undefined ? text : Number(text), ...(message === undefined ? {} : { message }) };
}
