/** Ids of JSON-RPC requests: integers and strings in turn, since an agent has to echo both (JSON-RPC 2.0 §4). */
export function createIdSource(): () => string | number {
  let count = 0;
  return () => {
    count += 1;
    return count % 2 === 1 ? count : `request-${count}`;
  };
}
