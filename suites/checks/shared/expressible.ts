import { Inexpressible } from '../../../core/wire/binding-client.ts';

/** What was sent; undefined where the encoding of the binding has no way to say it. */
export async function expressible<Value>(sent: Promise<Value>): Promise<Value | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof Inexpressible) return undefined;
    throw error;
  }
}

/** Those of several requests, one after the other, that the binding can say. */
export async function allExpressible<Value>(requests: readonly (() => Promise<Value>)[]): Promise<readonly Value[]> {
  const sent: Value[] = [];
  for (const request of requests) {
    const one = await expressible(request());
    if (one !== undefined) sent.push(one);
  }
  return sent;
}
