/**
 * The same pure function, worked out once for each value: for what many judges ask of one exchange or history. Values are
 * compared by identity and must not change; what was worked out is forgotten together with them.
 */
export function onceForEach<Of extends object, Result>(workOut: (of: Of) => Result): (of: Of) => Result {
  const known = new WeakMap<Of, { readonly result: Result }>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before.result;
    const result = workOut(of);
    known.set(of, { result });
    return result;
  };
}
