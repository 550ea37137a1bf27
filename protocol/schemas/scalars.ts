import { z } from 'zod';

/** §5.6.1: date, `T`, time, any number of fraction digits, `Z`. */
const timestampPattern = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(?:\.(\d+))?Z$/;

const daysIn = (year: number, month: number): number => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

/** Whether a text is an ISO 8601 timestamp of an existing day, in UTC with the suffix Z. */
export function isTimestamp(text: string): boolean {
  const match = timestampPattern.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/** Digits after the decimal point of a valid timestamp; 0 where there is no fraction. */
export const fractionDigits = (timestamp: string): number => timestampPattern.exec(timestamp)?.[6]?.length ?? 0;

/** ProtoJSON emits the standard alphabet with padding and accepts all four forms; all four are base64 (RFC 4648 §4, §5). */
export function isBase64(text: string): boolean {
  const match = /^([A-Za-z0-9+/]*|[A-Za-z0-9_-]*)(={0,2})$/.exec(text);
  if (!match) return false;
  const [, digits = '', padding = ''] = match;
  return digits.length % 4 !== 1 && (padding === '' || text.length % 4 === 0);
}

export const timestampSchema = z.string().refine(isTimestamp);
export const bytesSchema = z.string().refine(isBase64);
export const structSchema = z.record(z.string(), z.unknown());
