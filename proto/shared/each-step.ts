/**
 * Takes every step of an asynchronous generator by `take`. A generator's body runs in the context of the code that asks
 * for its next value, so whatever is to be around it (a trace, a scope) must be there at each step. An object and not a
 * generator of its own: each generator in a chain costs every call.
 */
export function eachStep<Value, Result>(
  steps: AsyncGenerator<Value, Result, undefined>,
  take: <Taken>(step: () => Taken) => Taken,
): AsyncGenerator<Value, Result, undefined> {
  return {
    next: () => take(() => steps.next()),
    return: (value) => take(() => steps.return(value)),
    throw: (error) => take(() => steps.throw(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: () => take(() => steps[Symbol.asyncDispose]()),
  };
}
