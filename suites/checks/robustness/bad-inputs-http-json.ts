import { nested, notUtf8, type BadInput } from './bad-input-kind.ts';

/** Paths, queries and bodies that are none, or hold what parsers stumble over. */
export function httpJsonBadInputs(unknownId: string): readonly BadInput[] {
  const cancel = `/tasks/${encodeURIComponent(unknownId)}:cancel`;
  const post = (path: string, body: string): BadInput['request'] => ({ path, body });
  const get = (path: string): BadInput['request'] => ({ method: 'GET', path, body: null });
  const metadata = (value: string): string => `{"metadata":${value}}`;
  return [
    { input: 'text that is no JSON', invalid: true, request: post('/message:send', 'hello') },
    { input: 'JSON cut off before its end', invalid: true, request: post('/message:send', '{"message":{"role":') },
    { input: 'an empty body', invalid: true, request: post('/message:send', '') },
    { input: 'JSON null', invalid: true, request: post('/message:send', 'null') },
    { input: 'a list as the body', invalid: true, request: post('/message:send', '[]') },
    { input: 'a message that is a number', invalid: true, request: post('/message:send', '{"message":7}') },
    { input: 'a number that is a word', invalid: true, request: get('/tasks?pageSize=many') },
    { input: 'a percent sign without digits', invalid: false, request: get('/tasks/%zz') },
    { input: 'NUL in the path', invalid: false, request: get('/tasks/gauntlet%00unknown') },
    { input: 'bytes in the path that are no UTF-8', invalid: false, request: get('/tasks/%C3%28') },
    { input: 'dots and slashes as an id', invalid: false, request: get('/tasks/..%2F..%2Fetc') },
    { input: 'an id of 8 KiB', invalid: false, request: get(`/tasks/${'x'.repeat(8_192)}`) },
    { input: 'a parameter twice', invalid: false, request: get('/tasks?pageSize=1&pageSize=2') },
    { input: '200 levels of nesting', invalid: false, request: post(cancel, metadata(nested(200))) },
    { input: 'a number beyond every range', invalid: false, request: post(cancel, metadata('{"n":1e400}')) },
    { input: 'an integer of 400 digits', invalid: false, request: get(`/tasks?pageSize=${'9'.repeat(400)}`) },
    { input: 'a lone surrogate in a string', invalid: false, request: post(cancel, metadata('{"s":"\\ud800"}')) },
    { input: 'a member named __proto__', invalid: false, request: post(cancel, '{"__proto__":{"id":"polluted"}}') },
    {
      input: 'bytes in a string that are no UTF-8',
      invalid: false,
      request: { path: cancel, body: null, bytes: notUtf8(metadata('{"s":"Ã("}')) },
    },
    {
      input: 'Content-Type: text/plain',
      invalid: false,
      request: post(cancel, '{}'),
      options: { headers: { 'Content-Type': 'text/plain' } },
    },
  ];
}
