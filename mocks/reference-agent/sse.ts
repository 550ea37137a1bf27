import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Fault } from './hooks.ts';
import type { Timers } from './timers.ts';

/** One server-sent event; JSON on one line needs no second `data:` line. */
export const frameOf = (data: string): string => `data: ${data}\n\n`;

export const eventStreamHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache',
  'X-Accel-Buffering': 'no',
};

/** Sends a stream as server-sent events (§9.4.2, §11.7), at the speed at which the client reads, until it ends or the client goes. */
export async function writeEventStream(
  response: ServerResponse,
  answer: Extract<Answer, { kind: 'stream' }>,
  deps: { readonly timers: Timers; readonly keepAliveMs: number; readonly fault: Fault | undefined },
): Promise<void> {
  const { stream, context } = answer;
  const { fault } = deps;
  const plain = { status: 200, headers: eventStreamHeaders };
  const head = fault?.streamHead?.(plain, context) ?? plain;

  let ended = false;
  response.once('close', () => {
    stopKeepAlive();
    if (!ended) stream.cancel();
  });
  const stopKeepAlive = deps.timers.every(deps.keepAliveMs, () => response.write(': keep-alive\n\n'));
  response.writeHead(head.status, { ...head.headers });
  response.flushHeaders();

  for (let index = 0; ; index += 1) {
    const item = await stream.next();
    if (response.destroyed) return;
    if ('end' in item) {
      ended = true;
      if (item.end !== 'keep-open') stopKeepAlive();
      if (item.end === 'close') response.end();
      if (item.end === 'reset') response.socket?.resetAndDestroy();
      return;
    }
    const sent = answer.data(item.event, index);
    const frame = frameOf(typeof sent === 'string' ? sent : JSON.stringify(sent));
    if (!response.write(fault?.streamFrame?.(frame, { binding: context.binding, index }) ?? frame)) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  }
}
